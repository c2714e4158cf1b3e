import { sql, type Kysely } from 'kysely';

/** Where reading goes on after a crash, and what was found out about the file when it was read first. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table file
    -- The byte at which the record after last_row begins. Null: nothing was read, or the encoding has no such byte.
    add column read_offset bigint,
    -- The copy that was read: inode, size and time of change.
    add column read_mark text,
    add column encoding_why text,
    add column encoding_confidence text check (encoding_confidence in ('certain', 'high', 'low'))`,
];
