import { sql, type Kysely } from 'kysely';

/** Rows by keyed hashes of the person they are about, filled behind the reading of files. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table person_tag (
    tag bigint not null,
    row_id bigint not null,
    primary key (tag, row_id)
  )`,
  // Rows come in their order, so that this costs next to nothing. It finds the tags of a row that has changed.
  `create index person_tag_of_row on person_tag using brin (row_id) with (pages_per_range = 16, autosummarize = on)`,

  // Files with rows that are not in the index, and up to which row they are. A file's rows up to its checkpoint are
  // committed, all of them, so nothing that commits late is missed.
  `create table person_unindexed (
    file_id bigint primary key references file,
    through integer not null default 1
  )`,
  `create function leave_for_person_index() returns trigger language plpgsql as $$
    begin
      insert into person_unindexed (file_id) values (new.id) on conflict do nothing;
      return null;
    end $$`,
  `create trigger file_is_read_for_persons after update of state on file for each row
    when (new.state = 'reading' and old.state <> 'reading') execute function leave_for_person_index()`,

  // Rows that say something else than when they were put into the index.
  `create table person_word (
    id bigint generated always as identity primary key,
    row_id bigint not null
  )`,
  `create function leave_person_word() returns trigger language plpgsql as $$
    begin
      insert into person_word (row_id) values (new.id);
      return null;
    end $$`,
  `create trigger row_changes_for_persons after update of payload on ledger_row for each row
    when (old.payload is distinct from new.payload) execute function leave_person_word()`,

  // What is there already.
  `insert into person_unindexed (file_id) select id from file where last_row > 1 or state = 'reading'`,
];
