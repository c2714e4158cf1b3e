import { sql } from 'kysely';
import { holdingStatusUpdateStates } from '../../domain/status-update.ts';

/**
 * Is the update `o` before the update `u` of the same lead? By the partner's own date where both have one, then by the
 * file's arrival, then by row; what was entered by hand comes last. All in one comparable tuple would let a row without
 * a date overtake, so the date counts only between two that have it.
 */
const isOlder = `
  case when o.order_key is not null and u.order_key is not null and o.order_key <> u.order_key
      and o.file_id is not null and u.file_id is not null
    then o.order_key < u.order_key
    else (coalesce(o.file_id, 9223372036854775807), coalesce(o.row_number, 2147483647), o.id)
      < (coalesce(u.file_id, 9223372036854775807), coalesce(u.row_number, 2147483647), u.id) end`;

const holdingStates = holdingStatusUpdateStates.map((state) => `'${state}'`).join(', ');
const holds = `o.kind = 'update' and o.state in (${holdingStates})`;

/**
 * Must the update `u` of the lead row `l` wait for another one? Used by the turn that is taken and by the wake-up that
 * ends the wait: were they to differ, a held update would be woken for nothing at every turn of the leader.
 */
export const isHeld = sql.raw(`(
  exists (select from ledger_row o where o.lead_row = l.id and ${holds} and o.id <> u.id and ${isOlder})
  -- One that came before the ledger knew its lead, and has not been joined to it yet.
  or exists (select from ledger_row o where o.lead_row is null and o.partner = u.partner
    and o.partner_lead_id = l.partner_lead_id and ${holds} and o.id <> u.id and ${isOlder})
  -- Its own file too: a date can only be honoured when every row is known.
  or exists (select from file f where f.partner = u.partner and f.kind = 'updates'
    and f.state in ('arrived', 'reading') and f.id <= coalesce(u.file_id, f.id)))`);

/** The same order for lists, oldest first. `r` is the row's table alias. */
export const oldestFirst = sql.raw(
  'r.file_id is null, r.order_key nulls first, r.file_id, r.row_number nulls last, r.id',
);
