import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';

/** What to spawn, and as whom. Without uid and gid: as ourselves. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

export interface StartedServer {
  readonly pid: number;
  /** True once the process has ended, whatever the reason. */
  hasEnded(): boolean;
}

/**
 * Starts a server that outlives us: its own session (Ctrl-C in our terminal is not for it), output to a file (a pipe
 * would freeze it whenever its starter is frozen), a folder that can't vanish as working directory, and none of our
 * environment, which holds secrets and PG… variables. Rejects only if it could not be spawned.
 */
export async function startDetached(command: Command, logPath: string): Promise<StartedServer> {
  const log = await open(logPath, 'a', 0o600);
  try {
    const { file, args, ...identity } = command;
    const stdio: ['ignore', number, number] = ['ignore', log.fd, log.fd];
    const child = spawn(file, args, { detached: true, cwd: '/', stdio, env: plainEnvironment, ...identity });
    let ended = false;
    child.once('exit', () => (ended = true));
    await once(child, 'spawn');
    child.unref();
    return { pid: child.pid as number, hasEnded: () => ended };
  } finally {
    await log.close();
  }
}

/** The environment of every program that we start and that is not us. */
export const plainEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};
