import { once } from 'node:events';
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
    ...{ host: '127.0.0.1', port, password: redis.password, connectionName: 'leadsync', lazyConnect: true },
    ...{ retryStrategy: () => null, enableOfflineQueue: false, connectTimeout: 5_000, commandTimeout: 5_000 },
    // Its own look whether data is loaded yet: ours below answers at once instead of waiting.
    ...{ enableReadyCheck: false, protocol: 2 as const },
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

function presenceOf(client: Redis, pid: number, port: number): RedisPresence {
  return {
    pid,
    // Redis names itself `redis-server 127.0.0.1:port` in the list of processes.
    isRunning: () => isRunning(pid, `127.0.0.1:${port}`),
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
