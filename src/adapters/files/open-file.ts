import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { errorCode } from './error-code.ts';
import type { FsPath } from './raw-path.ts';

/** Opens a partner's file for reading and nothing else that may have taken its place. Null: it is gone, or a link. */
export async function openFile(path: FsPath): Promise<FileHandle | null> {
  try {
    // O_NONBLOCK: a pipe that took the file's place would keep us waiting for ever. Windows knows neither flag.
    return await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    // ELOOP and EMLINK: it is a link by now.
    if (['ENOENT', 'ELOOP', 'EMLINK'].includes(errorCode(error))) return null;
    throw error;
  }
}
