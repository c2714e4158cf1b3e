import { Redis } from 'ioredis';
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { endChild, startChild } from './child.ts';
import { freePort } from './free-port.ts';
import { insist } from './insist.ts';

export interface OwnRedis {
  readonly port: number;
  /** Where it writes all that it is told: nothing is compressed, so that personal data could be found. */
  readonly folder: string;
  /** kill -9, then again on the same data after `awayMs`. */
  crash(awayMs: number): Promise<void>;
  command(...words: [string, ...string[]]): Promise<unknown>;
  stop(): Promise<void>;
}

/** A redis-server of the cell's own, with an append-only file, as the docs tell people to run it. */
export async function startOwnRedis(folder: string): Promise<OwnRedis> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: folder,
    save: '',
    appendonly: 'yes',
    'auto-aof-rewrite-percentage': '0',
    rdbcompression: 'no',
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const start = (): ChildProcess => startChild('redis-server', args, { log: join(folder, 'redis.log') });
  let server = start();
  const control = new Redis({ port, host: '127.0.0.1', lazyConnect: true, maxRetriesPerRequest: 1 });
  control.on('error', () => undefined);
  await insist(() => control.ping(), 10_000);
  let crashing: Promise<void> | null = null;
  async function crash(awayMs: number): Promise<void> {
    await endChild(server, 'SIGKILL');
    await pause(awayMs);
    server = start();
  }
  return {
    port,
    folder,
    crash: (awayMs) => (crashing ??= crash(awayMs).finally(() => (crashing = null))),
    command: (...words) => control.call(...words),
    async stop() {
      control.disconnect();
      await endChild(server, 'SIGKILL');
    },
  };
}
