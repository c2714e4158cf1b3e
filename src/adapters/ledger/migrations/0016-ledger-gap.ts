import { sql, type Kysely } from 'kysely';

/** A ledger that is behind what was sent: whose spools know it, and what has been recovered. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table ledger_gap (
    -- The folder, by the name that it was given when it was made.
    spool uuid primary key,
    host text not null,
    since timestamptz not null default clock_timestamp(),
    attempts integer not null
  )`,
  // Attempts of spools that were missing here and are accounted for.
  `create table recovered_attempt (
    id uuid primary key,
    at timestamptz not null default clock_timestamp()
  )`,
];
