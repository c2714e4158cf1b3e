import { sql, type Kysely } from 'kysely';

/** Requests of updates that may arrive late, order among updates of leads that the ledger lacks, and waking by what happened. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // A request of this update ended without a clear answer: until then it may still be carried out. Null: none did.
  `alter table ledger_row add column late_until timestamptz`,

  // Updates of a leadId that no lead of the ledger has (updates.unknownLeadId: send) are kept in order by that leadId.
  `create index update_of_lead_id on ledger_row (lead_id, partner)
    where kind = 'update' and lead_row is null and lead_id is not null`,
  `create unique index update_of_lead_id_on_its_way on ledger_row (lead_id, partner)
    where kind = 'update' and lead_row is null and state = 'pushing'`,

  `create index update_waiting_for_lead on ledger_row (lead_row) where kind = 'update' and state = 'waiting'`,
  `create index update_waiting_for_own_id on ledger_row (partner_lead_id, partner)
    where kind = 'update' and state = 'waiting' and partner_lead_id is not null`,
  `create index update_waiting_of_partner on ledger_row (partner) where kind = 'update' and state = 'waiting'`,
  `create index file_held on file (partner) where state = 'held'`,

  // Which lead's waiting updates have to be looked at: the leader reads it (wake-updates.ts). Here and not in the
  // statements that move rows, so that no way in which a row can end is forgotten.
  `create table update_word (
    id bigint generated always as identity primary key,
    partner text not null,
    lead_row bigint,
    lead_id text,
    partner_lead_id uuid,
    written_at timestamptz not null default clock_timestamp()
  )`,
  `create function leave_update_word() returns trigger language plpgsql as $$
    begin
      -- One that begins to wait leaves word itself: what it waits for may have happened while it was judged.
      if new.kind = 'update' and new.state = 'waiting'
        or exists (select from ledger_row u where u.kind = 'update' and u.state = 'waiting'
          and u.lead_row = case new.kind when 'lead' then new.id else new.lead_row end)
        or exists (select from ledger_row u where u.kind = 'update' and u.state = 'waiting'
          and u.partner_lead_id = new.partner_lead_id and u.partner = new.partner)
        or exists (select from ledger_row u where u.kind = 'update' and u.state = 'waiting' and u.lead_row is null
          and u.lead_id is not null and u.lead_id = new.lead_id and u.partner = new.partner)
      then
        insert into update_word (partner, lead_row, lead_id, partner_lead_id) values (new.partner,
          case new.kind when 'lead' then new.id else new.lead_row end, new.lead_id, new.partner_lead_id);
      end if;
      return null;
    end $$`,
  `create trigger lead_ends_for_updates after update of state on ledger_row for each row
    when (new.kind = 'lead' and old.state is distinct from new.state
      and new.state in ('registered', 'rejected', 'not_managed', 'cancelled', 'abandoned'))
    execute function leave_update_word()`,
  `create trigger lead_comes_ended_for_updates after insert on ledger_row for each row
    when (new.kind = 'lead' and new.state = 'rejected' and new.partner_lead_id is not null)
    execute function leave_update_word()`,
  `create trigger update_ends_for_updates after update of state on ledger_row for each row
    when (new.kind = 'update' and old.state is distinct from new.state
      and new.state in ('pushed', 'rejected', 'duplicate', 'superseded', 'cancelled'))
    execute function leave_update_word()`,
  `create trigger update_begins_to_wait after update of state on ledger_row for each row
    when (new.kind = 'update' and new.state = 'waiting' and new.next_at is distinct from old.next_at
      and new.code in ('ROW_LEAD_NOT_REGISTERED_YET', 'ROW_UPDATE_HELD'))
    execute function leave_update_word()`,
  // An updates file that was read to its end, or is none any more, held every update of its partner.
  `create function leave_words_of_partner() returns trigger language plpgsql as $$
    begin
      insert into update_word (partner, lead_row, lead_id, partner_lead_id)
        select distinct u.partner, u.lead_row, u.lead_id, u.partner_lead_id from ledger_row u
        where u.kind = 'update' and u.state = 'waiting' and u.partner = new.partner and u.code = 'ROW_UPDATE_HELD';
      return null;
    end $$`,
  `create trigger file_is_read_for_updates after update of state on file for each row
    when (new.kind = 'updates' and coalesce(old.held_from, old.state) in ('arrived', 'reading')
      and coalesce(new.held_from, new.state) not in ('arrived', 'reading'))
    execute function leave_words_of_partner()`,
  // Those that wait already are looked at once.
  `insert into update_word (partner, lead_row, lead_id, partner_lead_id)
    select distinct partner, lead_row, lead_id, partner_lead_id from ledger_row
    where kind = 'update' and state = 'waiting'`,
];
