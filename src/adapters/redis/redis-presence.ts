import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { isRunning } from '../local-server/is-running.ts';
import { until } from '../local-server/until.ts';
import type { RedisHome } from './redis-home.ts';

/**
 * Set while the last user of a server is about to stop it: nobody joins then, so that nobody can come between the last
 * one's look around and the end. For 2 s at most, since its holder may be frozen; it outlives the run, hence the run id.
 */
const leavingKey = (runId: string) => `leadsync:leaving:${runId}`;

/** One open connection that says: a process uses this server, even while its queues are closed. */
export interface RedisPresence {
  readonly pid: number;
  /** Whether the process itself is there, whatever became of the connection. */
  isRunning(): Promise<boolean>;
  isAlive(): Promise<boolean>;
  /** Waits up to 500 ms for the other clients to vanish. True: there is none, and none joins. */
  becomesLast(): Promise<boolean>;
  /** Writes all to disk and ends the server, whoever uses it. Returns before the process has ended. */
  shutDown(): Promise<void>;
  close(): void;
}

/**
 * `absent`: nobody listens. `stranger`: somebody else's server. `busy`: ours or not, it does not talk now, is still
 * reading its data, or about to stop.
 */
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
    const server = { pid: Number(field('process_id')), runId: String(field('run_id')), port };
    const canJoin = isOurs && field('loading') === '0' && (await client.exists(leavingKey(server.runId))) === 0;
    if (canJoin) return presenceOf(client, server);
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

interface Server {
  readonly pid: number;
  readonly runId: string;
  readonly port: number;
}

function presenceOf(client: Redis, { pid, runId, port }: Server): RedisPresence {
  return {
    pid,
    isRunning: () => isRunning(pid, titleOf(port)),
    isAlive: () =>
      client.ping().then(
        () => true,
        () => false,
      ),
    async becomesLast() {
      // Of those who leave at once one waits for the others, who go; else each would wait for each.
      if ((await client.set(leavingKey(runId), '1', 'PX', 2_000, 'NX')) === null) return false;
      const own = `id=${String(await client.client('ID'))} `;
      const isLast = await until(async () => {
        const clients = String(await client.client('LIST'))
          .trim()
          .split('\n');
        return clients.every((line) => line.startsWith(own));
      }, 500);
      if (!isLast) await client.del(leavingKey(runId));
      return isLast;
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
