import { sql, type Kysely } from 'kysely';

/** By which settings and partner configs work is done: what the audit log was told last, so that it is told a change once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table config_in_force (
    -- A partner, or empty for the settings.
    subject text primary key,
    version text not null,
    since timestamptz not null default clock_timestamp()
  )`,
];
