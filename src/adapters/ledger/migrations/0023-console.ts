import { sql, type Kysely } from 'kysely';

/** The console: who is logged in, how the calls of all processes end, and a way to a file's rows by what became of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table console_session (
    -- Of the cookie's token: who reads this table can't be anybody.
    token_hash text primary key,
    name text not null,
    -- Of the credentials that it was begun with: a changed password ends it.
    credentials text not null,
    begun_at timestamptz not null default clock_timestamp(),
    seen_at timestamptz not null default clock_timestamp()
  )`,

  // Of all processes together, which add to them every few seconds. \`buckets\` counts calls by how long they took.
  `create table call_total (
    endpoint text not null,
    outcome text not null,
    n bigint not null,
    ms double precision not null,
    buckets bigint[] not null,
    primary key (endpoint, outcome)
  )`,
  // The same by the minute, for two weeks.
  `create table call_minute (
    minute timestamptz not null,
    endpoint text not null,
    outcome text not null,
    n bigint not null,
    ms double precision not null,
    primary key (minute, endpoint, outcome)
  )`,

  // Rows that a listing would look for long among those that went well. Work passes through none of these states.
  `create index row_apart_of_file on ledger_row (file_id, state, row_number, kind) include (code)
    where state in ('rejected', 'failed', 'in_doubt', 'registered_without_id', 'cancelled', 'abandoned', 'superseded')`,
  // What stopped calls in a night, asked at each look: a handful among the events of rows and files.
  `create index audit_of_work on audit_event (at) where row_id is null and file_id is null`,
  `create index row_without_file on ledger_row (id) where file_id is null`,
];
