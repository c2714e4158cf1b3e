import { sql, type Kysely } from 'kysely';

/** The way to the updates of a lead that were sent and not answered: each intent looks for one that goes before its own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create index update_that_may_be_set on ledger_row (lead_id) where kind = 'update' and late_until is not null
        and state in ('received', 'waiting', 'pushing', 'failed', 'in_doubt')`,
    )
    .execute(db);
}
