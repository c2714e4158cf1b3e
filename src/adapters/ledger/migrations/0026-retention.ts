import { sql, type Kysely } from 'kysely';

/** What is past its time: how far that has been looked through, and values that are blocked before they are destroyed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // A pass over the rows of a file, window by window. It ends with the time of the next one.
  `create table retention_file (
    file_id bigint primary key references file,
    -- Of the rules by which next_at was found: with others the file is looked through again.
    settings text not null,
    -- Up to which row number this pass has come, and when the first row that it has left is past its time.
    cursor integer not null default 0,
    earliest timestamptz,
    -- Null: a pass is under way. Infinity: nothing is left in the file's rows, nor its name.
    next_at timestamptz
  )`,
  // Each partner is asked for by itself, again and again.
  `create index file_of_partner on file (partner, id)`,

  // Values that nobody may read but the owner of the schema: the service has no right to select them.
  `create table blocked_payload (
    row_id bigint primary key,
    partner text not null,
    key_id integer not null references wrapped_key,
    payload bytea not null,
    message bytea,
    blocked_at timestamptz not null default clock_timestamp(),
    destroy_at timestamptz not null
  )`,
  `create index blocked_payload_end on blocked_payload (destroy_at)`,
  `create index blocked_payload_key on blocked_payload (key_id)`,

  `alter table file add column bytes_removed_at timestamptz`,
  // What a key was before it was destroyed must not stay in the table's file for long.
  `alter table wrapped_key set (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0)`,
];
