import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

/** Every ledger statement is raw SQL in a named file; kysely brings parameters, transactions and migrations. */
export type LedgerDatabase = Kysely<unknown>;

export interface OpenedDatabase {
  readonly db: LedgerDatabase;
  close(): Promise<void>;
}

/**
 * A pool to the ledger. Every connection has time limits, so that a frozen process can't hold a lock for ever.
 * `max` connections; defaults to 6: two lanes of moves, reading, feeding, results and a spare.
 */
export function openDatabase(url: string, max = 6): OpenedDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    application_name: 'leadsync',
    // An intent that a crash of the server could lose would be sent twice.
    options: '-c synchronous_commit=on',
    statement_timeout: 60_000,
    query_timeout: 70_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 60_000,
  });
  // A connection that breaks while idle is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  // A connection that is lent out has no listener of the pool's: its loss would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | undefined;
  return { db, close: () => (closing ??= db.destroy()) };
}
