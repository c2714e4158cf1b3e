import { createPostgresBackend, runMigrations, withBackend, type PostgresConnectionOptions } from 'bullmq';
import pg from 'pg';
import type { QueueBackend } from './queue-backend.ts';

/** Fewer connections than listeners and one more would wait for each other for ever. */
const connections = 12;

const { Queue, Worker } = withBackend(createPostgresBackend);

/** BullMQ on PostgreSQL: the fallback for laptops and the demo, in the schema `bullmq` of the ledger's database. One pool for everything. */
export async function openPostgresBackend(databaseUrl: string, prefix: string): Promise<QueueBackend> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connections,
    keepAlive: true,
    options: '-c search_path=bullmq',
    application_name: 'leadsync queue',
  });
  // Each queue and worker listens too.
  pool.setMaxListeners(0);
  pool.on('error', () => undefined);
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const connection = pool as PostgresConnectionOptions;
  return {
    kind: 'postgres',
    warnings: [],
    queue: (name, defaultJobOptions) => new Queue<unknown>(name, { connection, prefix, defaultJobOptions }),
    worker: (name, processor, options) => new Worker(name, processor, { ...options, connection, prefix }),
    close: () => pool.end(),
  };
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
}
