import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { namingPool } from './naming-pool.ts';

/** Every ledger statement is raw SQL in a named file; kysely brings parameters, transactions and migrations. */
export type LedgerDatabase = Kysely<unknown>;

export interface OpenedDatabase {
  readonly db: LedgerDatabase;
  /**
   * For the few statements that every row needs, each the same text every time: a connection plans one once and keeps the
   * plan. Planning the statement of moves costs as much as ten moves in it.
   */
  readonly planned: LedgerDatabase;
  close(): Promise<void>;
}

/**
 * Two pools to the ledger. Every connection has time limits, so that a frozen process can't hold a lock for ever.
 * `max` connections for everything, `maxPlanned` for planned statements; they default to 5 (reading, feeding, results,
 * leading and a spare) and 4 (two lanes of moves, two of questions). None is opened before it is needed.
 */
export function openDatabase(url: string, { max = 5, maxPlanned = 4 } = {}): OpenedDatabase {
  const limits = { connectionString: url, statement_timeout: 60_000, query_timeout: 70_000 };
  const pool = openPool({ ...limits, max, options: durable });
  const plannedPool = openPool({ ...limits, max: maxPlanned, options: `${durable} ${plannedOnce}` });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const planned = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: namingPool(plannedPool) }) });
  let closing: Promise<unknown> | undefined;
  return {
    db,
    planned,
    async close() {
      await (closing ??= Promise.all([db.destroy(), planned.destroy()]));
    },
  };
}

/** For migrations: a statement takes as long as it takes, an index of a grown table minutes. Locks are waited for as elsewhere. */
export function openForMigration(url: string): Omit<OpenedDatabase, 'planned'> {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: openPool({ connectionString: url, max: 2, options: durable }) }),
  });
  return { db, close: () => db.destroy() };
}

/** An intent that a crash of the server could lose would be sent twice. */
const durable = '-c synchronous_commit=on';

/**
 * A plan that is kept was perhaps made when the tables were empty, and then reading all of them, or hashing them, looks
 * like the best way. What is planned once finds its few rows by an index, however many there are. Up to PostgreSQL 17 a
 * way that is switched off counts as so dear that each such statement would be compiled (JIT) for longer than it runs.
 */
const plannedOnce =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off';

function openPool(options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    ...options,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    application_name: 'leadsync',
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 60_000,
  });
  // A connection that breaks while idle is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  // A connection that is lent out has no listener of the pool's: its loss would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
