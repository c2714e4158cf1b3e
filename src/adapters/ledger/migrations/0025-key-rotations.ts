import { sql, type Kysely } from 'kysely';

/** By which secret the key table is wrapped now, and by which it was before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table key_rotation (
    id integer generated always as identity primary key,
    -- Marks that tell one LEADSYNC_SECRET_KEY from another and give away nothing of it.
    from_secret text not null,
    to_secret text not null,
    keys integer not null,
    actor text not null,
    at timestamptz not null default clock_timestamp(),
    check (from_secret <> to_secret)
  )`.execute(db);
}
