import { sql, type Kysely } from 'kysely';

const statements = [
  // The present era of the ledger (roll-call.ts), since its first host has noticed it.
  `create table roll_call (
    era text primary key,
    called_at timestamptz not null default clock_timestamp()
  )`,
  // The spools of hosts whose services work on this ledger, and in which era each was last compared with it.
  `create table host_spool (
    spool uuid primary key,
    host text not null,
    era text,
    seen_at timestamptz not null,
    left_at timestamptz,
    awaited_in text
  )`,
];

/** Who has compared its spool with the ledger since that began anew. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
