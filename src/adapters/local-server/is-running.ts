import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Whether `pid` is a living process whose command line holds `mark`. A number alone proves nothing: pids are used again.
 * On Windows the command line can't be seen cheaply and a living process counts. A zombie is not running.
 */
export async function isRunning(pid: number, mark: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return command.replaceAll('\0', ' ').includes(mark);
  }
  if (process.platform === 'win32') return exists(pid);
  const listed = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { cwd: '/' }).catch(() => null);
  return listed?.stdout.includes(mark) ?? false;
}

/** Whether any process has this pid. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
