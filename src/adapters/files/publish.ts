import { createHash } from 'node:crypto';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PublishedFile } from '../../app/ports/folders.ts';
import { sync } from './move-file.ts';

/** Writes a file so that a reader sees the old one or the new one: a hidden temporary name, fsync, rename, fsync of the folder. */
export async function publishFile(
  folder: string,
  name: string,
  chunks: AsyncIterable<string> | Iterable<string>,
  keepOlderAs: string | null,
): Promise<PublishedFile> {
  const path = join(folder, name);
  const draft = join(folder, `.${createHash('sha256').update(name).digest('hex').slice(0, 16)}.${process.pid}.tmp`);
  try {
    const written = await writeChunks(draft, chunks);
    if (keepOlderAs !== null) await keepOlder(path, join(folder, keepOlderAs));
    await rename(draft, path);
    await sync(folder);
    return { path, ...written };
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeChunks(
  path: string,
  chunks: AsyncIterable<string> | Iterable<string>,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(path, 'w', 0o640);
  try {
    for await (const block of inBlocks(chunks)) {
      const buffer = Buffer.from(block, 'utf8');
      hash.update(buffer);
      bytes += buffer.length;
      await handle.appendFile(buffer);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

const blockLength = 64 * 1024;

/** A million lines are not a million writes. */
async function* inBlocks(chunks: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let block = '';
  for await (const chunk of chunks) {
    block += chunk;
    if (block.length >= blockLength) {
      yield block;
      block = '';
    }
  }
  if (block !== '') yield block;
}

/** The version before stays under its own name. A name that is taken was kept by an earlier try of this very issue. */
async function keepOlder(path: string, olderPath: string): Promise<void> {
  if ((await stat(path).catch(() => null)) === null) return;
  await link(path, olderPath).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
