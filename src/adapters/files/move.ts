import { lstat, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { copyDurably } from './copy-durably.ts';
import { errorCode } from './error-code.ts';
import type { FsPath } from './raw-path.ts';
import { syncFolder } from './sync-folder.ts';

/**
 * Moves a file to its final place, over file systems too. May be repeated at any point: the source is taken away last,
 * and a source that is gone with the target there has been moved.
 */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' && (await exists(to))) return;
    if (code !== 'EXDEV') throw error;
    await copyDurably(from, to, 0o640);
    await unlink(from);
  }
  await syncFolder(dirname(to));
  await syncFolder(dirname(from));
}

export async function exists(path: FsPath): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
