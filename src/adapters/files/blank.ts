import { rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createHash, type Hash } from 'node:crypto';
import type { FileBytes } from '../../app/ports/file-bytes.ts';
import type { KeptFiles, Stretch } from '../../app/ports/kept-files.ts';
import { bytesAt } from './bytes-at.ts';
import { syncFolder } from './sync-folder.ts';
import { viaTemporary } from './temporary.ts';
import { writeChunks } from './write-chunks.ts';

const [lineFeed, carriageReturn, space] = [0x0a, 0x0d, 0x20];

/** See `KeptFiles.blank`. The bytes after a stretch stay where they are: a reading that was under way goes on at its place. */
export async function blankStretches(
  bytes: FileBytes,
  path: string,
  stretches: readonly Stretch[],
  { bytesPerCharacter, placing }: Parameters<KeptFiles['blank']>[2],
): Promise<void> {
  const folder = dirname(path);
  const { mode } = await stat(path);
  const source = { bytes, path };
  const blanks: Stretch[] = [];
  for (const stretch of stretches) blanks.push(await withoutLineBreak(source, stretch, bytesPerCharacter));
  blanks.sort((one, other) => one.at - other.at);
  const isBigEndian = bytesPerCharacter === 2 && (await startsBigEndian(source));
  const hash = createHash('sha256');
  await viaTemporary(
    folder,
    mode & 0o777,
    (copy) =>
      writeChunks(copy, bytes.sealLike(path, blanked(source, blanks, { bytesPerCharacter, isBigEndian, hash }))),
    async (temporary) => {
      await placing?.(hash.digest('hex'));
      await rename(temporary, path);
      await syncFolder(folder);
    },
  );
}

interface Source {
  readonly bytes: FileBytes;
  readonly path: string;
}

/** A record up to the line break that ends it, and behind the mark of an encoding where the file begins with it. */
async function withoutLineBreak(
  { bytes, path }: Source,
  { at, next }: Stretch,
  bytesPerCharacter: number,
): Promise<Stretch> {
  const start = at === 0 ? await markLength({ bytes, path }) : at;
  const tail = Math.min(2 * bytesPerCharacter, next - start);
  const buffer = await bytesAt(bytes, path, next - tail, tail);
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

async function markLength({ bytes, path }: Source): Promise<number> {
  const buffer = await bytesAt(bytes, path, 0, 3);
  if (buffer.subarray(0, 3).toString('hex') === 'efbbbf') return 3;
  return ['fffe', 'feff'].includes(buffer.subarray(0, 2).toString('hex')) ? 2 : 0;
}

interface Blanking {
  readonly bytesPerCharacter: number;
  readonly isBigEndian: boolean;
  /** Told of what comes out. */
  readonly hash: Hash;
}

async function* blanked(
  { bytes, path }: Source,
  blanks: readonly Stretch[],
  { bytesPerCharacter, isBigEndian, hash }: Blanking,
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for await (const chunk of bytes.read(path, 0)) {
    for (const { at, next } of blanks) {
      for (let byte = Math.max(at, offset); byte < Math.min(next, offset + chunk.length); byte += 1) {
        const isSpace = bytesPerCharacter === 1 || (byte - at) % 2 === (isBigEndian ? 1 : 0);
        chunk[byte - offset] = isSpace ? space : 0;
      }
    }
    hash.update(chunk);
    offset += chunk.length;
    yield chunk;
  }
}

/** By its mark, else by where the zeros of its first characters are. */
async function startsBigEndian({ bytes, path }: Source): Promise<boolean> {
  const buffer = await bytesAt(bytes, path, 0, 2);
  const mark = buffer.toString('hex');
  return mark === 'feff' || (mark !== 'fffe' && buffer[0] === 0);
}
