import { sql, type Kysely } from 'kysely';

/** Files that wait for a person, and what later files are compared with. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table file
    -- Where a held file was, and goes back to.
    add column held_from text check (held_from in ('arrived', 'reading', 'read', 'settled')),
    add column held_because jsonb not null default '[]',
    -- Rows up to here are let go though the file is held.
    add column let_through_to integer not null default 0,
    -- Since when its rows may go to work: those that fell due while it was read or held are due since then.
    add column work_since timestamptz,
    -- A person has seen what would come of it: nothing holds it by itself.
    add column is_let_through boolean not null default false,
    -- A keyed hash of the column names; records that were read; by field, those in which it is filled.
    add column header uuid,
    add column row_count integer not null default 0,
    add column filled jsonb not null default '{}',
    add column cancelled_at timestamptz,
    -- The latest interim result, and what it showed.
    add column reported_at timestamptz,
    add column reported_moves bigint,
    add check ((state = 'held') = (held_from is not null))`,
  `create index file_of_series on file (partner, kind, id) where state in ('read', 'settled') and header is not null`,
  // Due rows are asked for file by file, so that a file which does not let its rows go costs one step.
  `drop index row_due`,
  `create index row_due on ledger_row (kind, partner, coalesce(file_id, 0), next_at, id) where next_at is not null`,
];
