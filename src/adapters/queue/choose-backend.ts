import { ConfigFault } from '../../domain/config-fault.ts';

export type ChosenBackend =
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'private-redis'; readonly binary: string }
  | { readonly kind: 'postgres' };

/**
 * What holds the queue: the Redis of REDIS_URL, else a private one where a server is installed, else the ledger's own
 * PostgreSQL. `redis` and `postgres` leave the other out; a ConfigFault where `redis` is demanded and there is none.
 */
export function chooseBackend(found: {
  readonly queueBackend: 'auto' | 'redis' | 'postgres';
  readonly redisUrl: string | null;
  readonly redisServerBinary: string | null;
}): ChosenBackend {
  if (found.queueBackend === 'postgres') return { kind: 'postgres' };
  if (found.redisUrl !== null) return { kind: 'redis', url: found.redisUrl };
  if (found.redisServerBinary !== null) return { kind: 'private-redis', binary: found.redisServerBinary };
  if (found.queueBackend === 'auto') return { kind: 'postgres' };
  throw new ConfigFault(
    'CONFIG_REDIS_UNREACHABLE',
    'LEADSYNC_QUEUE_BACKEND=redis: expected REDIS_URL or a redis-server on the PATH, found neither. Way out: set REDIS_URL=redis://:password@host:6379, install redis-server, or set LEADSYNC_QUEUE_BACKEND=auto',
  );
}
