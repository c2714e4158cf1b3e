import { copyFile, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Moves a file so that its bytes are always at one place or the other: rename, or across filesystems copy, fsync, rename and unlink. */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    const draft = join(dirname(to), `.${process.pid}.moving`);
    await copyFile(from, draft);
    await sync(draft);
    await rename(draft, to);
    await unlink(from);
  }
  await sync(dirname(to));
}

/** Brings a file's bytes, or a folder's entries, to the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
