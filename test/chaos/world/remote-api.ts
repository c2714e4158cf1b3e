import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiOptions } from '../api/options.ts';
import { followTruth, type TruthEntry } from '../api/truth.ts';
import { endChild, startChild } from './child.ts';
import { freePort } from './free-port.ts';

export interface RemoteApi {
  readonly port: number;
  child(): ChildProcess;
  /** kill -9, then again where its record ends. */
  crash(): Promise<void>;
  /** No more faults from now on, also after a crash. */
  heal(): void;
  truth(): readonly TruthEntry[];
  stop(): Promise<void>;
}

export async function startRemoteApi(folder: string, options: Omit<ApiOptions, 'port' | 'truth'>): Promise<RemoteApi> {
  const truth = join(folder, 'truth.jsonl');
  await writeFile(truth, '');
  const port = await freePort();
  const script = join(import.meta.dirname, '..', 'api', 'main.ts');
  let { rates } = options;
  let hasFailed = false;
  function start(): ChildProcess {
    const started = startChild(
      process.execPath,
      [script, JSON.stringify({ ...options, rates, port, truth } satisfies ApiOptions)],
      {
        log: join(folder, 'api.log'),
        ipc: true,
      },
    );
    // The nemesis kills; whatever ends with a code of its own has a bug of the suite's.
    started.once('exit', (code) => (hasFailed ||= code !== null));
    return started;
  }
  const seen = followTruth(truth);
  let server = start();
  return {
    port,
    child: () => server,
    async crash() {
      await endChild(server, 'SIGKILL');
      server = start();
    },
    heal() {
      rates = { check: 0, write: 0 };
      server.send('heal');
    },
    truth() {
      if (hasFailed) throw new Error('the API of this world has ended by itself: see api.log');
      return seen();
    },
    stop: () => endChild(server, 'SIGKILL'),
  };
}
