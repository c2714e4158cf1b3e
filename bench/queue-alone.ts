import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue, Worker } from 'bullmq';
import { findRedisServer } from '../src/adapters/redis/find-redis-server.ts';
import { joinPrivateRedis, stopPrivateRedis } from '../src/adapters/redis/private-redis.ts';
import { eventually } from '../test/support/eventually.ts';

/** Milliseconds in which BullMQ hands out `rows` jobs that do nothing: what no pipeline on it can be quicker than. */
export async function runQueueAlone(rows: number, concurrency: number): Promise<number> {
  const binary = findRedisServer(process.env['PATH']);
  if (binary === null) throw new Error('the queue alone needs a redis-server on the PATH');
  const home = await mkdtemp(join(tmpdir(), 'leadsync-bench-queue-'));
  const redis = await joinPrivateRedis({ home, binary });
  const queue = new Queue('alone', { connection: { url: redis.url } });
  const worker = new Worker('alone', async () => ({ outcome: 'done' }), {
    connection: { url: redis.url, maxRetriesPerRequest: null },
    concurrency,
    removeOnComplete: { count: 0 },
    autorun: false,
  });
  try {
    await queue.addBulk(Array.from({ length: rows }, (_, n) => ({ name: 'row', data: { rowId: n, version: 1 } })));
    const started = performance.now();
    void worker.run();
    await eventually('every job', async () => (await queue.getJobCountByTypes('waiting', 'active')) === 0);
    return performance.now() - started;
  } finally {
    await worker.close();
    await queue.close();
    await redis.leave();
    await stopPrivateRedis(home).catch(() => undefined);
    await rm(home, { recursive: true, force: true });
  }
}
