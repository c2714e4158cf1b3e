import { joinEmbeddedDatabase, type EmbeddedDatabase } from '../adapters/postgres/embedded-database.ts';
import { findRedisServer } from '../adapters/redis/find-redis-server.ts';
import { joinPrivateRedis, type PrivateRedis } from '../adapters/redis/private-redis.ts';
import type { Config } from '../config/config.ts';
import { prepareQueue } from './prepare-schema.ts';

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
    | { readonly kind: 'redis'; readonly url: string; readonly ca?: string }
    | { readonly kind: 'postgres'; readonly databaseUrl: string };
  readonly says: string;
  readonly redis: PrivateRedis | null;
  leave(): Promise<void>;
}

export async function openQueueStore(config: Config, ledger: LedgerStore): Promise<QueueStore> {
  const stay = async (): Promise<void> => undefined;
  const place = placeOfQueue(config);
  switch (place.kind) {
    case 'redis':
      return { target: place, says: `Redis at ${placeOf(place.url)}`, redis: null, leave: stay };
    case 'private': {
      const redis = await joinPrivateRedis({ home: config.home, binary: place.binary });
      const leave = (): Promise<void> => redis.leave();
      return { target: { kind: 'redis', url: redis.url }, says: `private ${place.binary}`, redis, leave };
    }
    case 'postgres':
      await prepareQueue(config, ledger);
      return { target: { kind: 'postgres', databaseUrl: ledger.url }, says: inPostgres, redis: null, leave: stay };
  }
}

type PlaceOfQueue =
  | { readonly kind: 'redis'; readonly url: string; readonly ca?: string }
  | { readonly kind: 'private'; readonly binary: string }
  | { readonly kind: 'postgres' };

/** Where the queue would live. */
export function placeOfQueue({ queue, searchPath }: Config): PlaceOfQueue {
  if (queue.backend === 'postgres') return { kind: 'postgres' };
  if (queue.redisUrl !== null)
    return { kind: 'redis', url: queue.redisUrl, ...(queue.redisCa === null ? {} : { ca: queue.redisCa }) };
  const binary = findRedisServer(searchPath);
  return binary === null ? { kind: 'postgres' } : { kind: 'private', binary };
}

/** For commands that don't open it. */
export function describeQueue(config: Config): string {
  const place = placeOfQueue(config);
  switch (place.kind) {
    case 'redis':
      return `Redis at ${placeOf(place.url)}`;
    case 'private':
      return `private ${place.binary}`;
    case 'postgres':
      return inPostgres;
  }
}

const inPostgres = 'PostgreSQL (no REDIS_URL and no redis-server on the PATH)';

/** Host and port, never user or password. */
function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname.replace(/\/$/, '')}`;
}
