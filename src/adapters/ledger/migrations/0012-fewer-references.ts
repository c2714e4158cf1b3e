import { sql, type Kysely } from 'kysely';

/**
 * That a row's file and key exist is asked once a statement and not once a row, which was a third of what inserting a row
 * cost. That neither goes while a row needs it, is asked when one goes.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table ledger_row drop constraint ledger_row_file_id_fkey, drop constraint ledger_row_key_id_fkey`,
  `create function check_row_references() returns trigger language plpgsql as $$
    begin
      -- Locked, as a foreign key does it: neither can go before the rows are there.
      perform from file where id in (select file_id from fresh) for key share;
      perform from wrapped_key where id in (select key_id from fresh) for key share;
      if exists (select from (select distinct file_id from fresh) f
          where file_id is not null and not exists (select from file where id = f.file_id))
        or exists (select from (select distinct key_id from fresh) k
          where not exists (select from wrapped_key where id = k.key_id))
      then
        raise exception 'a row of a file or a key that is not there' using errcode = 'foreign_key_violation';
      end if;
      return null;
    end $$`,
  `create trigger references_exist after insert on ledger_row referencing new table as fresh
    for each statement execute function check_row_references()`,
  `create function keep_while_rows_refer() returns trigger language plpgsql as $$
    declare is_needed boolean;
    begin
      execute format('select exists (select from ledger_row where %I = $1)', tg_argv[0]) into is_needed using old.id;
      if is_needed then
        raise exception '% % has rows', tg_table_name, old.id using errcode = 'foreign_key_violation';
      end if;
      return old;
    end $$`,
  `create trigger rows_keep_file before delete or update of id on file
    for each row execute function keep_while_rows_refer('file_id')`,
  `create trigger rows_keep_key before delete or update of id on wrapped_key
    for each row execute function keep_while_rows_refer('key_id')`,
];
