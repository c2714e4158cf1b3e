import type { ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endChild, startChild } from './child.ts';

/** What is wrong with a worker's machine: the name of its preload. */
export type Ailment = 'wall-clock-ahead' | 'wall-clock-behind' | 'monotonic-stands-still' | 'none';

export interface Worker {
  child(): ChildProcess;
  /** kill -9. It is started again after `awayMs`, as whoever runs services does. */
  kill(awayMs: number): Promise<void>;
  /**
   * SIGTERM, and not started again. Resolves with how it ended; null when it had to be killed, or died of the signal.
   * 0 also where there was nobody to tell: it was away after a kill, or had not yet begun to speak.
   */
  stop(withinMs: number): Promise<number | null>;
}

export interface WorkersOptions {
  readonly folder: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly envOf: (index: number) => Readonly<Record<string, string>>;
  readonly ailments: readonly Ailment[];
  /** One ended by itself. */
  readonly onExit: () => void;
}

const restartMs = 700;

/** The processes that work the rows, each with a log of its own. One that ends is started again. */
export function startWorkers(options: WorkersOptions): readonly Worker[] {
  return options.ailments.map((ailment, index) => startWorker(options, ailment, index));
}

function startWorker({ folder, script, args, envOf, onExit }: WorkersOptions, ailment: Ailment, index: number): Worker {
  const preloads = ['block-event-loop', ...(ailment === 'none' ? [] : [ailment])].map(
    (name) => `--import=${pathToFileURL(join(import.meta.dirname, '..', 'preload', `${name}.ts`)).href}`,
  );
  let awayMs = restartMs;
  let isWanted = true;
  let wasKilled = false;
  const log = join(folder, `worker-${index}.log`);
  const spoken = (): number => statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  let spokenBefore = 0;
  let child = start();

  function start(): ChildProcess {
    spokenBefore = spoken();
    const started = startChild(process.execPath, [...preloads, script, ...args], {
      log,
      env: envOf(index),
    });
    started.once('exit', () => {
      if (!isWanted) return;
      if (!wasKilled) onExit();
      setTimeout(() => {
        if (isWanted) child = start();
      }, awayMs);
      awayMs = restartMs;
      wasKilled = false;
    });
    return started;
  }
  return {
    child: () => child,
    async kill(forMs) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      awayMs = forMs;
      wasKilled = true;
      await endChild(child, 'SIGKILL');
    },
    async stop(withinMs) {
      isWanted = false;
      if (child.exitCode !== null || child.signalCode !== null) return 0;
      const tooLate = setTimeout(() => child.kill('SIGKILL'), withinMs);
      await endChild(child, 'SIGTERM');
      clearTimeout(tooLate);
      // Signals are caught before the first word: a process that dies of one without a word was still being loaded.
      const wasLoading = child.signalCode === 'SIGTERM' && spoken() === spokenBefore;
      return wasLoading ? 0 : child.exitCode;
    },
  };
}
