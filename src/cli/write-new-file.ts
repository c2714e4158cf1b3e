import { open, rm, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { UsageFault } from './usage-fault.ts';

/**
 * Writes a file that is not there yet, readable by its owner alone. Nothing of `lines` is asked for before the file is
 * ours, and nothing stays of a writing that fails. Throws UsageFault where the path can't be one, or has no room for it.
 */
export async function writeNewFile(path: string, lines: AsyncIterable<string | Uint8Array>): Promise<void> {
  const file = await create(path);
  try {
    await pipeline(lines, file.createWriteStream());
  } catch (error) {
    await rm(path, { force: true });
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code))
      throw new UsageFault(`${path}: expected room for the whole file; found ${code}`);
    throw error;
  }
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EEXIST') throw new UsageFault(`${path}: expected a file that is not there yet`);
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'EISDIR'].includes(code))
      throw new UsageFault(`${path}: expected a path in a folder that can be written; found ${code}`);
    throw error;
  }
}
