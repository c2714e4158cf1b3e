import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Whether `pid` is a living process whose command line holds `mark`. A number alone proves nothing: pids are used again.
 * On Windows the command line can't be seen cheaply and a living process counts. A process runs until its files and
 * ports are free; a zombie does not.
 */
export async function isRunning(pid: number, mark: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return command === '' ? isEnding(pid) : command.replaceAll('\0', ' ').includes(mark);
  }
  if (process.platform === 'win32') return exists(pid);
  const listed = await run('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { cwd: '/' }).catch(() => null);
  return listed?.stdout.includes(mark) ?? false;
}

/**
 * A dying process loses its command line a moment before it lets go of its ports: a successor started in between would
 * find them taken. (Kernel threads never have one; they are children of process 2.)
 */
async function isEnding(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [, state, parent] = /\) (\S) (\d+)/.exec(stat) ?? [];
  return state !== undefined && !'ZX'.includes(state) && pid !== 2 && parent !== '2';
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
