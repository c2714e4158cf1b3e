import { sql, type Kysely } from 'kysely';

const statements = [
  // A request of it got no clear answer. A replay of what was refused or cancelled begins anew: others may have gone since.
  `alter table ledger_row add column may_be_set boolean not null default false`,
  `update ledger_row set may_be_set = true where kind = 'update' and late_until is not null
    and state in ('received', 'waiting', 'pushing', 'failed', 'in_doubt')`,
  // Each intent looks for one that goes before its own.
  `create index update_that_may_be_set on ledger_row (lead_id) where kind = 'update' and may_be_set
    and state in ('received', 'waiting', 'pushing', 'failed', 'in_doubt')`,
];

/** Which updates may have been set already, and the way to those of a lead. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
