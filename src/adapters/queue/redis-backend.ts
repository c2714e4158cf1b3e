import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { ConfigFault } from '../../domain/config-fault.ts';
import type { QueueBackend } from './queue-backend.ts';

const answerWithinMs = 5_000;

/** BullMQ on Redis: the one for production. */
export async function openRedisBackend(url: string, prefix: string): Promise<QueueBackend> {
  const { warnings } = await examine(url);
  // Workers wait for Redis as long as it takes; their commands must not give up half way.
  const connection = { url, maxRetriesPerRequest: null };
  return {
    kind: 'redis',
    warnings,
    queue: (name, defaultJobOptions) => new Queue(name, { connection: { ...connection }, prefix, defaultJobOptions }),
    worker: (name, processor, options) => new Worker(name, processor, { ...options, connection: { ...connection }, prefix }),
    close: async () => undefined,
  };
}

/** Is Redis there, and does it keep what it is given? */
async function examine(url: string): Promise<{ readonly warnings: readonly string[] }> {
  const { hostname, port } = new URL(url);
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: answerWithinMs,
    maxRetriesPerRequest: 1,
    retryStrategy: () => null,
  });
  let reason = 'no answer';
  redis.on('error', (error: Error & { readonly code?: string }) => (reason = error.code ?? error.message));
  try {
    await redis.connect();
    const policy = await settingOf(redis, 'maxmemory-policy');
    const appendOnly = await settingOf(redis, 'appendonly');
    return {
      warnings: [
        ...(policy === null || policy === 'noeviction' ? [] : [`Redis: expected maxmemory-policy noeviction, found ${policy}: jobs can vanish, and only come back when the ledger offers them again`]),
        ...(appendOnly === null || appendOnly === 'yes' ? [] : ['Redis: expected appendonly yes, found no: a restart empties the queue, which costs time']),
      ],
    };
  } catch (error) {
    throw new ConfigFault(
      'CONFIG_REDIS_UNREACHABLE',
      `REDIS_URL: expected a Redis that answers at ${hostname}:${port || '6379'}, found ${reason}; mend it, or unset it to use a private redis-server or PostgreSQL`,
      { cause: error },
    );
  } finally {
    redis.disconnect();
  }
}

/** Managed Redis may refuse CONFIG: then nothing is known, and nothing is said. */
async function settingOf(redis: Redis, name: string): Promise<string | null> {
  const answer = await redis.config('GET', name).catch(() => null);
  return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : null;
}
