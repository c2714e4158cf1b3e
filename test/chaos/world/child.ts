import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

const living = new Set<ChildProcess>();

/** Nothing outlives the suite, also when it is interrupted: SIGKILL ends stopped processes as well. */
function reap(): void {
  for (const child of living) child.kill('SIGKILL');
}
process.once('exit', reap);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

export interface ChildOptions {
  /** Everything it writes is appended here. */
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
  /** A channel for messages. Defaults to none. */
  readonly ipc?: boolean;
}

/** A process of the suite's own, with nothing of our environment but the PATH. */
export function startChild(file: string, args: readonly string[], options: ChildOptions): ChildProcess {
  const { log, env, ipc, ...identity } = options;
  const fd = openSync(log, 'a');
  const stdio: StdioOptions = ipc === true ? ['ignore', fd, fd, 'ipc'] : ['ignore', fd, fd];
  const child = spawn(file, args, { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio, ...identity });
  closeSync(fd);
  reapWithUs(child);
  child.on('error', () => undefined);
  return child;
}

/** It ends when the suite does, however that ends. */
export function reapWithUs(child: ChildProcess): void {
  living.add(child);
  for (const end of ['exit', 'error']) child.once(end, () => living.delete(child));
}

/** Sends a signal and waits for the end. A process that has ended already is fine. */
export async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
