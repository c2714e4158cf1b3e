import { sql, type Kysely } from 'kysely';

/**
 * What was found by a person's NIF, phone or e-mail, for the page that shows it: an address must not hold such a value. And
 * how much there was to do, for a chart of it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table console_search (
    -- Of the token in the page's address.
    token_hash text primary key,
    -- Whose search it is: nobody else sees it.
    name text not null,
    -- Numbers of rows and how they were looked for. Not the value.
    found jsonb not null,
    at timestamptz not null default clock_timestamp()
  )`,
  // For two weeks.
  `create table backlog_minute (
    minute timestamptz not null,
    kind text not null,
    rows bigint not null,
    primary key (minute, kind)
  )`,
];
