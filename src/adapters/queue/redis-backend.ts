import { createRedisBackend, Queue, type Telemetry } from 'bullmq';
import { Redis } from 'ioredis';
import { AbandonableWorker } from './abandonable-worker.ts';
import type { QueueBackend } from './queue-backend.ts';
import { redisWarnings } from './redis-warnings.ts';
import { untilRedisAnswers } from './until-redis-answers.ts';

/** BullMQ on Redis: the one for production. Two connections for all queues and workers, and a blocking one per worker. */
export async function openRedisBackend(
  { url, ca }: { readonly url: string; readonly ca?: string },
  prefix: string,
  traced: { readonly telemetry?: Telemetry } = {},
): Promise<QueueBackend> {
  // Whether certificates are checked is no setting of the process's.
  const tls = { rejectUnauthorized: true, minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) };
  const secured = new URL(url).protocol === 'rediss:' ? { tls } : {};
  // An offer must not wait for Redis to come back: whoever offers asks the ledger again later.
  const producer = new Redis(url, {
    ...secured,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 10_000,
  });
  await untilRedisAnswers(producer, url);
  const warnings = redisWarnings(await producer.info());
  // A worker's commands wait as long as it takes: one given up half way leaves a finished job to be done again.
  const consumer = new Redis(url, { ...secured, maxRetriesPerRequest: null });
  // One listener each by every queue and worker.
  for (const connection of [producer, consumer]) connection.setMaxListeners(0).on('error', () => undefined);
  return {
    kind: 'redis',
    warnings,
    queue: (name, defaultJobOptions) => new Queue(name, { connection: producer, prefix, defaultJobOptions, ...traced }),
    worker: (name, processor, options) =>
      new AbandonableWorker(
        name,
        processor,
        { ...options, connection: consumer, prefix, ...traced },
        createRedisBackend,
      ),

    async keptFailed(name, ids) {
      const scores = await producer.pipeline(ids.map((id) => ['zscore', `${prefix}:${name}:failed`, id])).exec();
      const broken = scores?.find(([error]) => error !== null);
      if (broken?.[0]) throw broken[0];
      return ids.filter((_, index) => scores?.[index]?.[1] != null);
    },

    async close() {
      // Not quit(): with Redis away it would wait for its return.
      producer.disconnect();
      consumer.disconnect();
    },
  };
}
