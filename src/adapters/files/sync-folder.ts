import { open } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

/** Makes the names in a folder survive a power cut. Does nothing where folders can't be synced (Windows, some shares). */
export async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(path);
    await folder.sync();
  } catch (error) {
    if (!['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EACCES'].includes(errorCode(error))) throw error;
  }
}
