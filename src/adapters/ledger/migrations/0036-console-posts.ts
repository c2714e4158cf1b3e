import { sql, type Kysely } from 'kysely';

/** What machines have asked the console's JSON API to do once, by their Idempotency-Key, and what they were answered. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table console_post (
    -- Keyed hashes: of who asks with the key, and of the request.
    key_mac uuid primary key,
    request_mac uuid not null,
    -- Null: it is under way. Ids and states, nothing of a person.
    answer jsonb,
    at timestamptz not null default clock_timestamp()
  )`,
  `create index console_post_at on console_post (at)`,
];
