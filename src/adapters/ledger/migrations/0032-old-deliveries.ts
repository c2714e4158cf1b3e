import { sql, type Kysely } from 'kysely';

/** Deliveries that have ended are removed after a while; which rows are told is seen when they are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create index delivery_ended on delivery (ended_at) where state <> 'pending'`,
  `alter table delivery drop column rows_since`,
];
