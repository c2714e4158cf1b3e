import { setTimeout as delay } from 'node:timers/promises';
import { ConfigFault } from '../../domain/config-fault.ts';
import { lastWords } from '../local-server/last-words.ts';
import { startDetached } from '../local-server/start-detached.ts';
import { until } from '../local-server/until.ts';
import { redisFault } from './redis-fault.ts';
import { findRedisHome, giveUpPort, keptPort, prepareRedisHome, type RedisHome, writeConfig } from './redis-home.ts';
import { isServing, openRedisPresence, type RedisPresence } from './redis-presence.ts';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 30_000;

/** Our share in the Redis server of a home folder, which all processes of that home use together. */
export interface PrivateRedis {
  /** redis://:password@127.0.0.1:port. The port stays over restarts unless a stranger has taken it. */
  readonly url: string;
  /** For a supervisor to call again and again: 'restarted' when the server was gone and this call started it. */
  ensureRunning(): Promise<'running' | 'restarted'>;
  /**
   * Gives up our share; close all queues and workers first. The last one out stops the server and waits for its end:
   * others are looked for in CLIENT LIST over 500 ms. Idempotent; never throws.
   */
  leave(): Promise<void>;
}

interface Share {
  readonly presence: RedisPresence;
  readonly port: number;
  readonly hasStarted: boolean;
}

/**
 * Joins the Redis server of `home`; starts `binary` (see findRedisServer) where there is none. The server outlives us
 * however we end, unless we `leave()` as the last. Keeps one connection (and so the process) open until then. Throws a
 * ConfigFault of one line with the way out, after 30 s at the latest.
 */
export async function joinPrivateRedis({ home, binary }: { home: string; binary: string }): Promise<PrivateRedis> {
  return faulting(`could not be started in ${home}`, async () => {
    const redis = await prepareRedisHome(home);
    return shareOf(redis, binary, await joinServer(redis, binary));
  });
}

function shareOf(redis: RedisHome, binary: string, first: Share): PrivateRedis {
  let share = first;
  let checking: Promise<'running' | 'restarted'> | null = null;
  let leaving: Promise<void> | null = null;

  async function check(): Promise<'running' | 'restarted'> {
    if (await share.presence.isAlive()) return 'running';
    share.presence.close();
    share = await joinServer(redis, binary);
    return share.hasStarted ? 'restarted' : 'running';
  }

  async function leave(): Promise<void> {
    await checking?.catch(() => {});
    await lastOneStops(redis, share).catch(() => {});
    share.presence.close();
  }

  return {
    get url() {
      return `redis://:${redis.password}@127.0.0.1:${share.port}`;
    },
    async ensureRunning() {
      if (leaving) throw new Error('ensureRunning() after leave(): the server would be started for nobody');
      checking ??= faulting(`could not be started in ${redis.folder}`, check).finally(() => (checking = null));
      return checking;
    },
    leave: () => (leaving ??= leave()),
  };
}

async function joinServer(redis: RedisHome, binary: string): Promise<Share> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  let started: number | null = null;
  let silentSince = performance.now();
  for (let wait = 50; performance.now() < deadline; await delay(wait)) {
    const port = await keptPort(redis);
    const presence = await openRedisPresence(redis, port);
    if (typeof presence === 'object') return { presence, port, hasStarted: presence.pid === started };
    if (presence !== 'busy' || (await isServing(redis, port))) silentSince = performance.now();
    // Lasting silence is a stranger's, unless our own server is known to sit there. (One that ends is silent too.)
    const isStranger = presence === 'stranger' || performance.now() - silentSince > 3_000;
    if (isStranger) await giveUpPort(redis, port);
    if (presence !== 'absent') {
      wait = 50;
      continue;
    }
    started = await startServer(redis, binary, port);
    // A start in vain costs a process each time; knocking costs nothing.
    wait = started === null ? Math.min(wait * 2, 1_000) : 0;
  }
  const words = await lastWords(redis.logPath, /error|fatal|can't|could not|failed/i);
  throw redisFault(`no server after 30 s in ${redis.folder}, see ${redis.logPath}: ${words}`);
}

/** One try; the pid if it lives, null if it has ended (another process was faster, or it can't). */
async function startServer(redis: RedisHome, binary: string, port: number): Promise<number | null> {
  await writeConfig(redis, port);
  const server = await startDetached({ file: binary, args: [redis.configPath] }, redis.logPath);
  await until(async () => server.hasEnded() || (await answers(redis, port)), 10_000);
  return server.hasEnded() ? null : server.pid;
}

async function answers(redis: RedisHome, port: number): Promise<boolean> {
  const presence = await openRedisPresence(redis, port);
  if (typeof presence === 'object') presence.close();
  return presence !== 'absent';
}

/** With a new connection where the old one is lost: the server may have lived on, or be started again by another. */
async function lastOneStops(redis: RedisHome, { presence: first, port }: Share): Promise<void> {
  const presence = (await first.isAlive()) ? first : await openRedisPresence(redis, port);
  if (typeof presence === 'string') return;
  if (await presence.becomesLast()) await stop(presence);
  presence.close();
}

/** Stops the Redis of `home` even if others use it. Throws a ConfigFault if it has not ended after 30 s. */
export async function stopPrivateRedis(home: string): Promise<'stopped' | 'not_running'> {
  return faulting(`could not be stopped in ${home}`, async () => {
    const redis = await findRedisHome(home);
    if (redis === null) return 'not_running';
    const open = async () => openRedisPresence(redis, await keptPort(redis));
    let presence = await open();
    const hasAnswered = async () => presence !== 'busy' || (presence = await open()) !== 'busy';
    if (!(await until(hasAnswered, 5_000))) throw redisFault(`the server in ${redis.folder} does not answer`);
    if (typeof presence === 'string') return 'not_running';
    await stop(presence);
    return 'stopped';
  });
}

async function stop(presence: RedisPresence): Promise<void> {
  await presence.shutDown();
  if (!(await until(async () => !(await presence.isRunning()), STOP_TIMEOUT_MS))) {
    throw redisFault(`the server with pid ${presence.pid} has not ended 30 s after SHUTDOWN`);
  }
}

/** Whatever goes wrong in here leaves as a ConfigFault. */
async function faulting<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ConfigFault ? error : redisFault(what, error);
  }
}
