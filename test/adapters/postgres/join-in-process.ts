import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export const JOINER = fileURLToPath(new URL('joiner.ts', import.meta.url));

export interface Joined {
  readonly url: string;
  readonly place: string;
  readonly child: ChildProcess;
  leave(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Another process that has joined the database of `home`; `cwd` vanishes under it if it is given. */
export async function joinInProcess(home: string, cwd?: string): Promise<Joined> {
  const args = cwd === undefined ? [JOINER, home] : [JOINER, home, 'without-a-working-directory'];
  // In a group of its own, as a terminal would have it.
  const stdio: ['pipe', 'pipe', 'inherit'] = ['pipe', 'pipe', 'inherit'];
  return whenJoined(spawn(process.execPath, args, { stdio, detached: true, ...(cwd && { cwd }) }));
}

export async function whenJoined(child: ChildProcess): Promise<Joined> {
  const ended = once(child, 'exit');
  const said = once(createInterface(child.stdout as Readable), 'line');
  const [line] = await Promise.race([said, ended.then(() => Promise.reject(new Error('the joiner has ended')))]);
  return {
    ...(JSON.parse(line as string) as { url: string; place: string }),
    child,
    async leave() {
      child.stdin?.end();
      await ended;
    },
    async kill(signal) {
      process.kill(-(child.pid as number), signal);
      await ended;
    },
  };
}
