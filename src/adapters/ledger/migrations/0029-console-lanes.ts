import { sql, type Kysely } from 'kysely';

/** Ways to what a page of the console looks for, among very much that it does not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // What people did is a handful among the events of rows.
  `create index audit_of_people on audit_event (seq) where actor like 'cli:%' or actor like 'console%'`,
  // Rows that were rejected by what they say themselves, which are counted and never replayed; and the few others.
  `create index row_rejected_at_once on ledger_row (partner, kind, code, file_id)
    where state = 'rejected' and version = 0 and erasure_id is null`,
  `create index row_rejected_later on ledger_row (id)
    where state = 'rejected' and not (version = 0 and erasure_id is null)`,
];
