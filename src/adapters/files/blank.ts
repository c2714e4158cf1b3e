import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createHash } from 'node:crypto';
import type { KeptFiles, Stretch } from '../../app/ports/kept-files.ts';
import { syncFolder } from './sync-folder.ts';
import { viaTemporary } from './temporary.ts';

const chunkBytes = 256 * 1024;
const [lineFeed, carriageReturn, space] = [0x0a, 0x0d, 0x20];

/** See `KeptFiles.blank`. The bytes after a stretch stay where they are: a reading that was under way goes on at its place. */
export const blankStretches: KeptFiles['blank'] = async (path, stretches, { bytesPerCharacter, placing }) => {
  const folder = dirname(path);
  const { mode } = await stat(path);
  await using source = await open(path);
  const blanks = await Promise.all(stretches.map((stretch) => withoutLineBreak(source, stretch, bytesPerCharacter)));
  blanks.sort((one, other) => one.at - other.at);
  await viaTemporary(
    folder,
    mode & 0o777,
    (copy) => copyBlanked(source, copy, blanks, bytesPerCharacter),
    async (temporary, sha256) => {
      await placing?.(sha256);
      await rename(temporary, path);
      await syncFolder(folder);
    },
  );
};

/** A record up to the line break that ends it, and behind the mark of an encoding where the file begins with it. */
async function withoutLineBreak(
  source: FileHandle,
  { at, next }: Stretch,
  bytesPerCharacter: number,
): Promise<Stretch> {
  const start = at === 0 ? await markLength(source) : at;
  const tail = Math.min(2 * bytesPerCharacter, next - start);
  const { buffer } = await source.read(Buffer.alloc(tail), 0, tail, next - tail);
  const isAt = (end: number, wanted: number): boolean =>
    end >= bytesPerCharacter && characterAt(buffer, end - bytesPerCharacter, bytesPerCharacter) === wanted;
  let end = tail;
  if (isAt(end, lineFeed)) end -= bytesPerCharacter;
  if (isAt(end, carriageReturn)) end -= bytesPerCharacter;
  return { at: start, next: next - tail + end };
}

function characterAt(buffer: Buffer, at: number, bytes: number): number {
  // In UTF-16 either byte of a line break is zero, whichever comes first.
  return bytes === 1 ? (buffer[at] ?? 0) : (buffer[at] ?? 0) + (buffer[at + 1] ?? 0);
}

async function markLength(source: FileHandle): Promise<number> {
  const { buffer } = await source.read(Buffer.alloc(3), 0, 3, 0);
  if (buffer.subarray(0, 3).toString('hex') === 'efbbbf') return 3;
  return ['fffe', 'feff'].includes(buffer.subarray(0, 2).toString('hex')) ? 2 : 0;
}

async function copyBlanked(
  source: FileHandle,
  copy: FileHandle,
  blanks: readonly Stretch[],
  bytesPerCharacter: number,
): Promise<string> {
  const hash = createHash('sha256');
  const isBigEndian = bytesPerCharacter === 2 && (await startsBigEndian(source));
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let offset = 0; ;) {
    const { bytesRead } = await source.read(buffer, 0, chunkBytes, offset);
    if (bytesRead === 0) return hash.digest('hex');
    for (const { at, next } of blanks) {
      for (let byte = Math.max(at, offset); byte < Math.min(next, offset + bytesRead); byte += 1) {
        const isSpace = bytesPerCharacter === 1 || (byte - at) % 2 === (isBigEndian ? 1 : 0);
        buffer[byte - offset] = isSpace ? space : 0;
      }
    }
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await copy.writeFile(chunk);
    offset += bytesRead;
  }
}

/** By its mark, else by where the zeros of its first characters are. */
async function startsBigEndian(source: FileHandle): Promise<boolean> {
  const { buffer } = await source.read(Buffer.alloc(2), 0, 2, 0);
  const mark = buffer.toString('hex');
  return mark === 'feff' || (mark !== 'fffe' && buffer[0] === 0);
}
