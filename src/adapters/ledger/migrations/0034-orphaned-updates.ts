import { sql, type Kysely } from 'kysely';

/** Updates that the sweeper has taken back: an answer to their request may still be found in a spool. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create index update_taken_back on ledger_row (holder)
        where kind = 'update' and state = 'waiting' and code = 'API_UNAVAILABLE'`,
    )
    .execute(db);
}
