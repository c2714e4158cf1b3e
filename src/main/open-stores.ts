import { joinEmbeddedDatabase, type EmbeddedDatabase } from '../adapters/postgres/embedded-database.ts';
import { findRedisServer } from '../adapters/redis/find-redis-server.ts';
import { joinPrivateRedis, type PrivateRedis } from '../adapters/redis/private-redis.ts';
import type { Config } from '../config/config.ts';

/** Where the ledger lives. `embedded` is ours to keep running. */
export interface LedgerStore {
  readonly url: string;
  readonly says: string;
  readonly embedded: EmbeddedDatabase | null;
  leave(): Promise<void>;
}

export async function openLedgerStore(config: Config): Promise<LedgerStore> {
  if (config.database.url !== null) {
    return {
      url: config.database.url,
      says: `PostgreSQL at ${placeOf(config.database.url)}`,
      embedded: null,
      leave: async () => undefined,
    };
  }
  const embedded = await joinEmbeddedDatabase({ home: config.home });
  return {
    url: embedded.url,
    says: `embedded PostgreSQL in ${embedded.place}`,
    embedded,
    leave: () => embedded.leave(),
  };
}

/** Where the queue lives: REDIS_URL, else a private Redis where one is installed, else the ledger's own PostgreSQL. */
export interface QueueStore {
  readonly target:
    | { readonly kind: 'redis'; readonly url: string }
    | { readonly kind: 'postgres'; readonly databaseUrl: string };
  readonly says: string;
  readonly redis: PrivateRedis | null;
  leave(): Promise<void>;
}

export async function openQueueStore(config: Config, ledger: LedgerStore): Promise<QueueStore> {
  const stay = async (): Promise<void> => undefined;
  if (config.queue.backend !== 'postgres' && config.queue.redisUrl !== null) {
    return {
      target: { kind: 'redis', url: config.queue.redisUrl },
      says: `Redis at ${placeOf(config.queue.redisUrl)}`,
      redis: null,
      leave: stay,
    };
  }
  const binary = config.queue.backend === 'postgres' ? null : findRedisServer(config.searchPath);
  if (binary !== null) {
    const redis = await joinPrivateRedis({ home: config.home, binary });
    return { target: { kind: 'redis', url: redis.url }, says: `private ${binary}`, redis, leave: () => redis.leave() };
  }
  return {
    target: { kind: 'postgres', databaseUrl: ledger.url },
    says: inPostgres,
    redis: null,
    leave: stay,
  };
}

/** Where the queue would live, for commands that don't open it. */
export function describeQueue(config: Config): string {
  if (config.queue.backend !== 'postgres' && config.queue.redisUrl !== null)
    return `Redis at ${placeOf(config.queue.redisUrl)}`;
  const binary = config.queue.backend === 'postgres' ? null : findRedisServer(config.searchPath);
  return binary === null ? inPostgres : `private ${binary}`;
}

const inPostgres = 'PostgreSQL (no REDIS_URL and no redis-server on the PATH)';

/** Host and port, never user or password. */
function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname.replace(/\/$/, '')}`;
}
