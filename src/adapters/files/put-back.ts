import { link, lstat, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from './error-code.ts';
import { exists } from './move.ts';
import { plainName } from './plain-name.ts';
import type { FsPath } from './raw-path.ts';

/** Under its name again, or, where another file has that, beside it under one of ours. Replaces nothing. */
export async function putBack(from: string, original: FsPath): Promise<void> {
  if (await moveWithoutReplacing(from, original)) return;
  const folder = dirname(original.toString());
  const name = basename(from);
  for (let number = 2; ; number++) {
    if (await moveWithoutReplacing(from, join(folder, plainName(`${number}-${name}`)))) return;
  }
}

async function moveWithoutReplacing(from: string, to: FsPath): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    if (hasNoHardLinks(error)) return renameIfFree(from, to);
    // Another process may be putting the same file back: a third name would make it a hard link for good.
    if (errorCode(error) !== 'EEXIST') throw error;
    if (!(await isSameFile(from, to))) return false;
  }
  await rm(from, { force: true });
  return true;
}

async function isSameFile(one: FsPath, other: FsPath): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => lstat(path, { bigint: true }).catch(() => null)));
  return a?.ino === b?.ino && a?.dev === b?.dev;
}

async function renameIfFree(from: string, to: FsPath): Promise<boolean> {
  if (await exists(to)) return false;
  await rename(from, to);
  return true;
}

/** The file system knows no second name for a file: FAT, some shares. */
export function hasNoHardLinks(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS'].includes(errorCode(error));
}
