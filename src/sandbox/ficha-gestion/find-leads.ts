import type { Pool } from 'pg';
import { conditionsOf } from './conditions.ts';
import type { Conditions, Sought } from './conditions.ts';

/** Leads on a page. */
const PAGE = 50;

/** Matches are counted up to here. */
export const COUNTED = 1_000;

/** As many matches are gathered and sorted; where there are more, the newest are looked for one by one. */
const GATHERED = 2_000;

export interface ListedLead {
  readonly leadId: string;
  readonly partnerLeadId: string | null;
  readonly name: string | null;
  readonly dni: string | null;
  readonly partner: string | null;
  readonly campaign: string | null;
  readonly ramo: string | null;
  readonly estado: string | null;
  readonly createdAt: Date;
}

/** Where a page begins: at the newest lead, or right beside a lead. */
export type Place = { readonly before: string } | { readonly after: string } | null;

export interface Listing {
  /** Newest first. */
  readonly leads: readonly ListedLead[];
  /** Null: more than COUNTED. */
  readonly count: number | null;
  readonly hasNewer: boolean;
  readonly hasOlder: boolean;
}

/**
 * One page of the leads that match. Pages go by key, so that leads which arrive meanwhile neither repeat nor hide one.
 * Null when the place names no lead.
 */
export async function findLeads(pool: Pool, sought: Sought, place: Place): Promise<Listing | null> {
  if (place !== null && !(await isLead(pool, 'before' in place ? place.before : place.after))) return null;
  const conditions = conditionsOf(sought);
  const { count, leadIds } = await gather(pool, conditions, place);
  const leads = count > GATHERED ? await walk(pool, conditions, place) : await readListed(pool, leadIds, place);
  const isFull = leads.length > PAGE;
  const shown = leads.slice(0, PAGE);
  const counted = count > COUNTED ? null : count;
  if (place === null || 'before' in place) {
    return { leads: shown, count: counted, hasNewer: place !== null, hasOlder: isFull };
  }
  // With less than a page of newer ones, the first page is what people expect.
  if (!isFull) return findLeads(pool, sought, null);
  return { leads: shown.toReversed(), count: counted, hasNewer: true, hasOlder: true };
}

/** The one lead that matches and has the text sought as an id or NIF. Null: there is none, or several. */
export async function findTheLead(pool: Pool, sought: Sought & { readonly text: string }): Promise<string | null> {
  const { where, values } = conditionsOf({ ...sought, text: null });
  // Materialized, or the planner, which takes no id for rare, reads all leads.
  const { rows } = await pool.query<{ leadId: string }>(
    `with whole as materialized (select * from sandbox.leads where words @@ sandbox.sought_whole($${values.length + 1}))
     select lead_id as "leadId" from whole where ${where} limit 2`,
    [...values, sought.text],
  );
  return rows.length === 1 ? (rows[0]?.leadId ?? null) : null;
}

async function isLead(pool: Pool, leadId: string): Promise<boolean> {
  const { rowCount } = await pool.query('select from sandbox.leads where lead_id = $1', [leadId]);
  return rowCount === 1;
}

/**
 * The matches counted up to one more than GATHERED and, if that is all of them, the page's leads: one more than it shows.
 * Few matches are gathered and then sorted, many are found by walking the index in the page's order. The planner can't
 * choose: its guess for the beginning of a word is the same for a rare one, and walking 200,000 leads for a rare one
 * takes 90 ms instead of 1.
 */
async function gather(
  pool: Pool,
  { where, values }: Conditions,
  place: Place,
): Promise<{ count: number; leadIds: readonly string[] }> {
  const { beside, order, parameters } = pageAt(place, values);
  const { rows } = await pool.query<{ count: number; leadIds: string[] }>(
    `with few as materialized (select created_at, lead_id from sandbox.leads where ${where} limit ${GATHERED + 1})
     select (select count(*)::int from few) as count,
            array(select lead_id from few where ${beside} ${order} limit ${PAGE + 1}) as "leadIds"`,
    parameters,
  );
  return rows[0] ?? { count: 0, leadIds: [] };
}

const listed = `lead_id as "leadId", partner_lead_id as "partnerLeadId", body ->> 'name' as name, body ->> 'dni' as dni,
  partner, campaign, ramo, estado, created_at as "createdAt"`;

async function walk(pool: Pool, { whereWithoutWords, values }: Conditions, place: Place): Promise<ListedLead[]> {
  const { beside, order, parameters } = pageAt(place, values);
  const { rows } = await pool.query<ListedLead>(
    `select ${listed} from sandbox.leads where ${whereWithoutWords} and ${beside} ${order} limit ${PAGE + 1}`,
    parameters,
  );
  return rows;
}

async function readListed(pool: Pool, leadIds: readonly string[], place: Place): Promise<ListedLead[]> {
  const { order } = pageAt(place, []);
  const { rows } = await pool.query<ListedLead>(
    `select ${listed} from sandbox.leads where lead_id = any($1) ${order}`,
    [leadIds],
  );
  return rows;
}

/** What SQL says of a page's place: the leads on its side, nearest first. `values` are the parameters so far. */
function pageAt(place: Place, values: readonly string[]) {
  if (place === null)
    return { beside: 'true', order: 'order by created_at desc, lead_id desc', parameters: [...values] };
  const [leadId, side, direction] = 'before' in place ? [place.before, '<', 'desc'] : [place.after, '>', 'asc'];
  const parameter = `$${values.length + 1}`;
  return {
    beside: `(created_at, lead_id) ${side} ((select created_at from sandbox.leads where lead_id = ${parameter}), ${parameter})`,
    order: `order by created_at ${direction}, lead_id ${direction}`,
    parameters: [...values, leadId],
  };
}
