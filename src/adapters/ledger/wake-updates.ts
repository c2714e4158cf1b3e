import { sql } from 'kysely';
import type { WorkLedger } from '../../app/ports/ledger.ts';
import type { LedgerDatabase } from './database.ts';
import { knownLeadStates } from './state-lists.ts';
import { isHeld, nextFirst } from './update-order.ts';

const words = 2_000;
/**
 * A word is looked at until it is this old: the one about a lead and the one about an update that begins to wait for it may
 * be written at the same moment, neither knowing of the other. Longer than any statement that moves rows.
 */
const looksFor = sql.raw(`interval '3 seconds'`);

const waits = sql`r.kind = 'update' and r.state = 'waiting' and r.next_at > clock_timestamp()
  and r.code in ('ROW_LEAD_NOT_REGISTERED_YET', 'ROW_UPDATE_HELD')`;

/**
 * Makes waiting updates due whose lead has become known or whose turn has come. Only leads that something
 * happened to are looked at (the triggers of the ledger leave word), and of each only the waiting update that goes next: when
 * that one ends, the next is offered. So it costs what has happened, and not what waits.
 */
export function createWakeUpdates(db: LedgerDatabase): WorkLedger['wakeUpdates'] {
  return async () => {
    const { rows } = await sql`select from update_word limit 1`.execute(db);
    if (rows.length === 0) return 0;
    const { numAffectedRows } = await sql`
      with word as materialized (
        select id, partner, lead_row, lead_id, partner_lead_id, written_at from update_word order by id limit ${words}
      ), read as (
        delete from update_word w using word
        where w.id = word.id and word.written_at < clock_timestamp() - ${looksFor}
      ), about as (
        select distinct partner, lead_row, lead_id, partner_lead_id from word
      ), next as (
        select distinct first.id from about a cross join lateral (
          select r.id from (
            select * from ledger_row r where r.lead_row = a.lead_row and ${waits}
            union select * from ledger_row r
              where r.partner_lead_id = a.partner_lead_id and r.partner = a.partner and ${waits}
            union select * from ledger_row r
              where r.lead_row is null and r.lead_id = a.lead_id and r.partner = a.partner and ${waits}
          ) as r order by ${nextFirst} limit 1) as first
      ), ready as (
        select u.id from next join ledger_row u on u.id = next.id left join ledger_row l on l.id = u.lead_row
        where case u.code when 'ROW_UPDATE_HELD'
          then not ${isHeld}
          -- Two looks, one for each index: together they would read every lead of the partner.
          when 'ROW_LEAD_NOT_REGISTERED_YET' then coalesce(l.state in ${knownLeadStates}, false)
            or (u.lead_row is null and exists (select from ledger_row d where d.kind = 'lead' and d.partner = u.partner
              and d.partner_lead_id = u.partner_lead_id and d.state in ${knownLeadStates})) end
        order by u.id for no key update of u skip locked
      ) update ledger_row u set next_at = clock_timestamp() from ready where u.id = ready.id`.execute(db);
    return Number(numAffectedRows ?? 0);
  };
}
