import { sql, type Kysely } from 'kysely';

/** Mixed files: a record may be two rows, one of a lead and one of a status update of that lead. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table file drop constraint file_kind_check`,
  `alter table file add constraint file_kind_check check (kind in ('leads', 'updates', 'mixed'))`,

  `drop index row_of_file`,
  `create unique index row_of_file on ledger_row (file_id, row_number, kind) where file_id is not null`,
  // An update of a mixed file has the identity of its record's lead: by it, it is among the updates of that lead,
  // whichever row holds the lead by then.
  `create index update_of_identity on ledger_row (identity, partner) where kind = 'update' and identity is not null`,

  // Both kinds have states of the same name.
  `alter table file_delta add column kind text check (kind in ('lead', 'update'))`,
  `alter table file_count add column kind text check (kind in ('lead', 'update'))`,
  `update file_delta d set kind = case f.kind when 'leads' then 'lead' else 'update' end from file f where f.id = d.file_id`,
  `update file_count c set kind = case f.kind when 'leads' then 'lead' else 'update' end from file f where f.id = c.file_id`,
  `alter table file_delta alter column kind set not null`,
  `alter table file_count alter column kind set not null`,
  `alter table file_count drop constraint file_count_pkey, add primary key (file_id, kind, state)`,
  `create view file_kind_tally as
    select file_id, kind, state, sum(n)::bigint as n from (
      select file_id, kind, state, n from file_count
      union all select file_id, kind, state, n from file_delta
    ) as parts group by file_id, kind, state`,

  // A mixed file has as many waiting updates as leads. Those that a file held are asked for by partner, and no others:
  // before the first statistics the index of all was read from end to end for each lead that was registered.
  `drop index update_waiting_of_partner`,
  `create index update_held_of_partner on ledger_row (partner)
    where kind = 'update' and state = 'waiting' and code = 'ROW_UPDATE_HELD'`,

  // A mixed file, too, holds every update of its partner until it is read.
  `drop trigger file_is_read_for_updates on file`,
  `create trigger file_is_read_for_updates after update of state on file for each row
    when (new.kind <> 'leads' and coalesce(old.held_from, old.state) in ('arrived', 'reading')
      and coalesce(new.held_from, new.state) not in ('arrived', 'reading'))
    execute function leave_words_of_partner()`,
];
