import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Makes a folder read-only for this process; answers how to undo it, or null where that can't be done: root is stopped
 * by no mode, and not every file system knows the immutable flag.
 */
export async function makeReadOnly(folder: string): Promise<(() => Promise<void>) | null> {
  if (process.getuid?.() !== 0) {
    await chmod(folder, 0o555);
    return () => chmod(folder, 0o755);
  }
  try {
    await run('chattr', ['+i', folder]);
  } catch {
    console.error(`no read-only folder for root here (chattr +i): a test passes without it`);
    return null;
  }
  return async () => void (await run('chattr', ['-i', folder]));
}
