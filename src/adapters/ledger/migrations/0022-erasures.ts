import { sql, type Kysely } from 'kysely';

/** Persons whose data were erased, what is left to do of it, and the list of those of whom nothing is sent. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table erasure (
    id bigint generated always as identity primary key,
    actor text not null,
    reason text not null,
    begun_at timestamptz not null default clock_timestamp(),
    -- What rows and files are searched by, sealed. Gone when there is nothing left to search.
    key_id integer references wrapped_key,
    person bytea,
    -- Every row that was read before the person was on the list is in erasing_row, or was erased.
    gathered_at timestamptz,
    -- The files that are kept were looked through, whether or not a row of the ledger names the person in them.
    searched_at timestamptz,
    ended_at timestamptz,
    lifted_at timestamptz,
    lifted_by text,
    lifted_because text,
    check ((key_id is null) = (person is null)),
    check ((person is null) = (ended_at is not null)),
    check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lifted_because is null))
  )`,
  `create index erasure_unfinished on erasure (id) where ended_at is null`,

  // Keyed hashes, as in person_tag. A phone or an e-mail of a person whose NIF is known counts only without another's NIF.
  `create table suppressed_tag (
    tag bigint not null,
    erasure_id bigint not null references erasure,
    even_with_nif boolean not null,
    primary key (tag, erasure_id)
  )`,
  // Grows with each change of the list: a reading that was judged by an older one is not written down.
  `create table suppression_list (
    one boolean primary key default true check (one),
    version integer not null default 0
  )`,
  `insert into suppression_list default values`,

  // Rows that are to be erased: no call of them begins. Those under way or in doubt wait here until they have ended.
  `create table erasing_row (
    row_id bigint primary key,
    erasure_id bigint not null references erasure
  )`,
  `create index erasing_row_of on erasing_row (erasure_id)`,
  // Files of which bytes, result or name are to be rewritten. The mark grows when there is more to do.
  `create table erasing_file (
    file_id bigint primary key references file,
    mark integer not null default 1
  )`,

  // Null: it says what it said when it was read.
  `alter table ledger_row add column erasure_id bigint`,
  `create index erased_row on ledger_row (file_id, row_number, erasure_id) where erasure_id is not null`,
  // There is nothing left in it that could be sent. Not valid: no row before this one has been erased.
  `alter table ledger_row add constraint erased_row_rests check (erasure_id is null
    or state not in ('received', 'waiting', 'checked', 'submitting', 'pushing')) not valid`,

  // Of the bytes that stand for the file's since records of it were blanked. What identifies it stays what it was.
  `alter table file add column blanked_sha256s text[] not null default '{}'`,
];
