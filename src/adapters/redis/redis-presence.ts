import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { isRunning } from '../local-server/is-running.ts';
import { until } from '../local-server/until.ts';
import type { RedisHome } from './redis-home.ts';

/** One open connection that says: a process uses this server, even while its queues are closed. */
export interface RedisPresence {
  readonly pid: number;
  /** Whether the process itself is there, whatever became of the connection. */
  isRunning(): Promise<boolean>;
  isAlive(): Promise<boolean>;
  /** Waits up to 500 ms for the other clients to vanish. True: there is none. */
  becomesLast(): Promise<boolean>;
  /** Writes all to disk and ends the server, whoever uses it. Returns before the process has ended. */
  shutDown(): Promise<void>;
  close(): void;
}

/** `absent`: nobody listens. `busy`: ours or not, it can't talk now, or is still reading its data. `stranger`: somebody else's server. */
export type Refusal = 'absent' | 'busy' | 'stranger';

/** Connects to the server of this folder on `port`, or says why that can't be. */
export async function openRedisPresence(redis: RedisHome, port: number): Promise<RedisPresence | Refusal> {
  const client = new Redis({
    host: '127.0.0.1',
    port,
    password: redis.password,
    connectionName: 'leadsync',
    lazyConnect: true,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    // Its own look whether data is loaded yet: ours below answers at once instead of waiting.
    enableReadyCheck: false,
  });
  // connect() says "Connection is closed." whatever the reason; the reason comes as an event.
  let reason: unknown;
  client.on('error', (error) => (reason = error));
  try {
    await client.connect();
    const info = await client.info();
    const field = (name: string) => new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
    const isOurs = field('config_file') === redis.configPath;
    if (isOurs && field('loading') === '0') return presenceOf(client, Number(field('process_id')), port);
    client.disconnect();
    return isOurs ? 'busy' : 'stranger';
  } catch (error) {
    client.disconnect();
    return refusal(reason ?? error);
  }
}

function refusal(error: unknown): Refusal {
  const { code, message } = error as { code?: string; message: string };
  if (code === 'ECONNREFUSED') return 'absent';
  // Of its words only these prove another server: a wrong password, or no Redis at all.
  return /WRONGPASS|NOAUTH|ERR |invalid password|Protocol error/i.test(message) ? 'stranger' : 'busy';
}

/** Whether the process that wrote `redis.pid` last serves this port still, though it may be frozen or loading. */
export async function isServing({ folder }: RedisHome, port: number): Promise<boolean> {
  const pid = Number(await readFile(join(folder, 'redis.pid'), 'utf8').catch(() => ''));
  return pid > 0 && isRunning(pid, titleOf(port));
}

/** How Redis and Valkey name themselves in the list of processes: `redis-server 127.0.0.1:port`. */
function titleOf(port: number): string {
  return `127.0.0.1:${port}`;
}

function presenceOf(client: Redis, pid: number, port: number): RedisPresence {
  return {
    pid,
    isRunning: () => isRunning(pid, titleOf(port)),
    isAlive: () =>
      client.ping().then(
        () => true,
        () => false,
      ),
    async becomesLast() {
      const own = `id=${String(await client.client('ID'))} `;
      return until(async () => {
        const clients = String(await client.client('LIST'))
          .trim()
          .split('\n');
        return clients.every((line) => line.startsWith(own));
      }, 500);
    },
    async shutDown() {
      const closed = client.status === 'end' ? null : once(client, 'end');
      // The answer to a SHUTDOWN that succeeds is a closed connection.
      await client.shutdown().catch((error: Error) => {
        if (error.message.startsWith('ERR')) throw error;
      });
      await closed;
    },
    close: () => client.disconnect(),
  };
}
