import { randomUUID } from 'node:crypto';
import { lstat, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const prefix = '.leadsync-';
const suffix = '.tmp';
const staleMs = 24 * 3_600_000;

/**
 * Writes a file under a temporary name beside its final one and syncs it; `place` then gives it its name. Nobody who
 * follows the rules reads a dot-file; whatever fails takes it away again.
 */
export async function viaTemporary<T>(
  folder: string,
  mode: number,
  write: (file: FileHandle) => Promise<T>,
  place: (temporary: string, written: T) => Promise<void>,
): Promise<T> {
  const temporary = join(folder, `${prefix}${randomUUID()}${suffix}`);
  try {
    const written = await writeSynced(temporary, mode, write);
    await place(temporary, written);
    return written;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeSynced<T>(path: string, mode: number, write: (file: FileHandle) => Promise<T>): Promise<T> {
  await using file = await open(path, 'wx', mode);
  const written = await write(file);
  await file.sync();
  return written;
}

export function isTemporaryOfOurs(name: string): boolean {
  return name.startsWith(prefix) && name.endsWith(suffix);
}

/** Takes away what a crash left behind: they may hold personal data. A day old, so that nobody writes them still. */
export async function removeStaleTemporaries(folder: string, nowMs: number, olderThanMs = staleMs): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!isTemporaryOfOurs(name)) continue;
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => null);
    if (stats !== null && nowMs - stats.mtimeMs > olderThanMs) await rm(path, { force: true });
  }
}
