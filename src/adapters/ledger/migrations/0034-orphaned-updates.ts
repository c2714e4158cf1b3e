import { sql, type Kysely } from 'kysely';

const statements = [
  // Updates that the sweeper has taken back: an answer to their request may still be found in a spool.
  `create index update_taken_back on ledger_row (holder)
    where kind = 'update' and state = 'waiting' and code = 'API_UNAVAILABLE'`,
];

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
