import { createPostgresBackend, withBackend, type PostgresConnectionOptions, type Telemetry } from 'bullmq';
import pg from 'pg';
import { AbandonableWorker } from './abandonable-worker.ts';
import type { QueueBackend } from './queue-backend.ts';

/** Each worker holds one to listen; the rest is for work. With fewer than listeners and one more they wait for each other for ever. */
const connections = 12;

const { Queue } = withBackend(createPostgresBackend);

/**
 * BullMQ on PostgreSQL, in the schema `bullmq` of the ledger's database: the fallback for laptops and the demo. One pool
 * for everything: left alone, BullMQ opens one per queue and worker. It has no prefixes here: the database keeps
 * installations apart. Its tables must be there: `migrateQueue`.
 */
export function openPostgresBackend(
  databaseUrl: string,
  traced: { readonly telemetry?: Telemetry } = {},
): QueueBackend {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: connections,
    // BullMQ names its schema in a pool of its own only.
    options: '-c search_path=bullmq',
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    application_name: 'leadsync queue',
    statement_timeout: 60_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 60_000,
  });
  // One listener each by every queue and worker.
  pool.setMaxListeners(0);
  pool.on('error', () => undefined);
  // A connection that is lent out has no listener of the pool's: its loss would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const connection = pool as PostgresConnectionOptions;
  return {
    kind: 'postgres',
    warnings: [],
    queue: (name, defaultJobOptions) => new Queue<unknown>(name, { connection, defaultJobOptions, ...traced }),
    worker: (name, processor, options) =>
      new AbandonableWorker(name, processor, { ...options, connection, ...traced }, createPostgresBackend),

    async keptFailed(name, ids) {
      const { rows } = await pool.query<{ id: string }>(
        `select id from job where queue = $1 and state = 'failed' and id = any($2)`,
        [name, ids],
      );
      return rows.map(({ id }) => id);
    },

    close: () => pool.end(),
  };
}
