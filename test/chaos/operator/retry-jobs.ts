import { createPostgresBackend, Queue, withBackend, type PostgresConnectionOptions } from 'bullmq';
import pg from 'pg';
import type { World } from '../world/world.ts';

const { Queue: PostgresQueue } = withBackend(createPostgresBackend);
const names = ['register-lead', 'push-status'] as const;
const oneByOne = 20;

/** What Bull Board's buttons do: one job after the other, then all that are kept as failed. */
export async function retryJobs(world: World, ledgerId: string): Promise<number> {
  const own = openOwn(world, ledgerId);
  let retried = 0;
  try {
    for (const queue of own.queues) {
      for (const job of await queue.getFailed(0, oneByOne)) {
        await job.retry('failed').then(
          () => (retried += 1),
          // Somebody else's retry, or an offer of the same work, was first.
          () => undefined,
        );
      }
      const { failed = 0 } = await queue.getJobCounts('failed');
      await queue.retryJobs({ state: 'failed' });
      retried += failed;
    }
    return retried;
  } finally {
    await own.close();
  }
}

function openOwn({ redis, postgres }: World, ledgerId: string) {
  if (redis !== null) {
    const connection = { host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: 1, retryStrategy: () => null };
    const queues = names.map((name) => new Queue(name, { connection, prefix: `leadsync-${ledgerId}` }));
    for (const queue of queues) queue.on('error', () => undefined);
    return { queues, close: () => Promise.all(queues.map((queue) => queue.close().catch(() => undefined))) };
  }
  const pool = new pg.Pool({
    connectionString: postgres.url(),
    max: 4,
    options: '-c search_path=bullmq',
    connectionTimeoutMillis: 3_000,
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const queues = names.map((name) => new PostgresQueue(name, { connection: pool as PostgresConnectionOptions }));
  for (const queue of queues) queue.on('error', () => undefined);
  return {
    queues,
    async close() {
      await Promise.all(queues.map((queue) => queue.close().catch(() => undefined)));
      await pool.end();
    },
  };
}
