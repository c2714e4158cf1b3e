import { sql, type RawBuilder } from 'kysely';
import { holdingUpdateStates } from './state-lists.ts';

/**
 * The place of an update among those of its lead, as one tuple, so that no three can each come before the next: the
 * partner's own date (one without counts as of its arrival), then arrival (of the file, or of the entry by hand), then
 * file and row.
 */
const placeOf = (alias: string): string =>
  `coalesce(${alias}.order_key, to_char(${alias}.arrived_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS')),
  ${alias}.arrived_at, coalesce(${alias}.file_id, 0), coalesce(${alias}.row_number, 0), ${alias}.id`;

const older = `(${placeOf('o')}) < (${placeOf('u')})`;
const newer = `(${placeOf('o')}) > (${placeOf('u')})`;

/** Is the update `o` of the same lead older than `u`? */
const isOlder = sql.raw(older);

/** Is it newer? */
export const isNewer = sql.raw(newer);

/** The same order for lists, oldest first. `r` is the row's table alias. */
export const oldestFirst = sql.raw(placeOf('r'));

/**
 * Does the open update `o` go before `u`, which is not on its way? One that may have been set goes before those that were
 * never sent, older ones that turned up since too: they would be set after it, and it after them once more. Of several
 * that may have been set the newest, which ends the others; of those that were never sent the oldest.
 */
export const goesBefore = sql.raw(`case when o.state = 'pushing' then true
  when o.may_be_set <> u.may_be_set then o.may_be_set
  when u.may_be_set then ${newer} else ${older} end`);

/** The same for lists, the next one first. `r` is the row's table alias. */
export const nextFirst = sql.raw(`r.may_be_set desc, case when r.may_be_set then row(${placeOf('r')}) end desc,
  ${placeOf('r')}`);

const ofItsLead = sql`o.lead_row = l.id`;
/** Under the partner's own id and not joined to this row: its lead was not known then, or was sent again since. */
const ofItsOwnId = sql`o.partner = u.partner and o.partner_lead_id = coalesce(u.partner_lead_id, l.partner_lead_id)`;
/** By a leadId that no lead of the ledger had when they came. */
const ofItsLeadId = sql`o.partner = u.partner and o.lead_row is null and o.lead_id = coalesce(u.lead_id, l.lead_id)`;
/** In a record of this lead (mixed files), whichever row held it then. */
const ofItsIdentity = sql`o.partner = u.partner and o.identity is not null
  and o.identity = coalesce(u.identity, l.identity)`;

/** The four ways in which an update `o` is of the lead of `u`, whose lead row is `l`, each with an index of its own. */
const kinships = [ofItsLead, ofItsOwnId, ofItsLeadId, ofItsIdentity] as const;

const other = sql`o.kind = 'update' and o.id <> u.id`;

/** The other updates of the lead for which `condition` holds. May name one twice. */
export function others(columns: RawBuilder<unknown>, condition: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql.join(
    kinships.map((kinship) => sql`select ${columns} from ledger_row o where ${kinship} and ${other} and ${condition}`),
    sql` union all `,
  );
}

/** Is there another update of the lead for which `condition` holds? */
export function hasOther(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  const each = kinships.map(
    (kinship) => sql`exists (select from ledger_row o where ${kinship} and ${other} and ${condition})`,
  );
  return sql`(${sql.join(each, sql` or `)})`;
}

/** Must `u` wait until a file is read? Its own too: a date can only be honoured when every row is known. */
export const isHeldByFile = sql`(
  exists (select from file f where f.partner = u.partner and f.kind <> 'leads'
    and f.state in ('arrived', 'reading') and f.id <= coalesce(u.file_id, f.id))
  or exists (select from file f where f.partner = u.partner and f.kind <> 'leads'
    and f.state = 'held' and f.held_from in ('arrived', 'reading') and f.id <= coalesce(u.file_id, f.id)))`;

/** Must the update `u` of the lead row `l` wait for another one, or for a request of it that may still arrive? */
export const isHeld = sql`(${hasOther(
  sql`(o.state in ${holdingUpdateStates} and ${goesBefore} or o.late_until > clock_timestamp() and ${isOlder})`,
)} or ${isHeldByFile})`;
