import { sql } from 'kysely';
import { holdingUpdateStates } from './state-lists.ts';

/**
 * The place of an update among those of its lead, as one tuple, so that no three can each come before the next: the
 * partner's own date (one without counts as of its arrival), then arrival (of the file, or of the entry by hand), then
 * file and row.
 */
const placeOf = (alias: string): string =>
  `coalesce(${alias}.order_key, to_char(${alias}.arrived_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS')),
  ${alias}.arrived_at, coalesce(${alias}.file_id, 0), coalesce(${alias}.row_number, 0), ${alias}.id`;

const isOlder = sql.raw(`(${placeOf('o')}) < (${placeOf('u')})`);

/** Is the update `p` newer than `u`? */
export const isNewer = sql.raw(`(${placeOf('p')}) > (${placeOf('u')})`);

const holds = sql`o.kind = 'update' and o.state in ${holdingUpdateStates}`;

/**
 * Must the update `u` of the lead row `l` wait for another one? Used by the turn that is taken and by the wake-up that
 * ends the wait: were they to differ, a held update would be woken for nothing at every turn of the leader.
 */
export const isHeld = sql`(
  exists (select from ledger_row o where o.lead_row = l.id and ${holds} and o.id <> u.id and ${isOlder})
  -- One under the partner's own id that is not joined to this row: its lead was not known then, or was sent again since.
  or exists (select from ledger_row o where o.partner = u.partner
    and o.partner_lead_id = coalesce(u.partner_lead_id, l.partner_lead_id) and ${holds} and o.id <> u.id and ${isOlder})
  -- Its own file too: a date can only be honoured when every row is known.
  or exists (select from file f where f.partner = u.partner and f.kind = 'updates'
    and coalesce(f.held_from, f.state) in ('arrived', 'reading') and f.id <= coalesce(u.file_id, f.id)))`;

/** The same order for lists, oldest first. `r` is the row's table alias. */
export const oldestFirst = sql.raw(placeOf('r'));
