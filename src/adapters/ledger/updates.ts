import { sql } from 'kysely';
import type { LeadOfUpdate, NextUpdate, UpdateLedger, UpdateTurn } from '../../app/ports/ledger.ts';
import type { LedgerRow, RowState } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { readTogether } from './read-together.ts';
import { createLeadOfRecord } from './record-lead.ts';
import { holdingUpdateStates, identityStates } from './state-lists.ts';
import { goesBefore, isHeldByFile, isNewer, nextFirst, others } from './update-order.ts';

interface FoundLead {
  readonly rowId: string;
  readonly state: RowState;
  readonly leadId: string | null;
  readonly partner: string;
  /** Keyed hash of the partner's own id. */
  readonly ownId: string | null;
}

const nothingBefore: UpdateTurn = {
  held: false,
  arrivingForMs: 0,
  overtaken: false,
  repeatsLatest: false,
  acceptedFinal: false,
  newerWaits: false,
};

/** A question among others that are asked at once: which of them an answer is for. */
interface Numbered {
  readonly nth: number;
}

interface LeadQuestion {
  readonly partner: string;
  readonly leadId: string | null;
  readonly partnerLeadId: string | null;
}

function createLeadSearch(db: LedgerDatabase): (question: LeadQuestion) => Promise<readonly FoundLead[]> {
  return readTogether(async (questions) => {
    const { rows } = await sql<FoundLead & Numbered>`
      select i.nth::int - 1 as nth, found.* from unnest(${questions.map((one) => one.partner)}::text[],
          ${questions.map((one) => one.leadId)}::text[], ${questions.map((one) => one.partnerLeadId)}::uuid[])
        with ordinality as i(partner, lead_id, own_id, nth)
      cross join lateral (
        (select id::text as "rowId", state, lead_id as "leadId", partner, partner_lead_id::text as "ownId" from ledger_row
          where kind = 'lead' and lead_id = i.lead_id)
        union all
        (select id::text, state, lead_id, partner, partner_lead_id::text from ledger_row
          where kind = 'lead' and partner = i.partner and partner_lead_id = i.own_id and state <> 'duplicate'
            and (i.lead_id is null or lead_id is distinct from i.lead_id)
          order by state in ${identityStates} desc, id desc limit 1)) as found`.execute(db);
    const found = Map.groupBy(rows, ({ nth }) => nth);
    return questions.map((_, nth) => found.get(nth) ?? []);
  });
}

function createTurns(db: LedgerDatabase): UpdateLedger['updateTurn'] {
  return readTogether<Pick<LedgerRow, 'id' | 'leadRow'>, UpdateTurn>(async (updates) => {
    // One pass over the updates of the lead: planning a statement of many subselects costs more than carrying it out.
    const { rows } = await sql<UpdateTurn & Numbered>`
      with u as (
        select i.nth, i.lead, r.id, r.partner, r.file_id, r.row_number, r.order_key, r.arrived_at, r.content,
          r.partner_lead_id, r.lead_id, r.identity, r.may_be_set
        from unnest(${updates.map(({ id }) => id)}::bigint[], ${updates.map(({ leadRow }) => leadRow)}::bigint[])
          with ordinality as i(id, lead, nth) join ledger_row r on r.id = i.id
      ), o as materialized (
        select o.*, o.file_id is null or f.state in ('read', 'settled') as goes
        from u left join ledger_row l on l.id = u.lead cross join lateral (${others(
          sql`u.nth, o.id, o.file_id, o.state, o.is_final, o.intent_at, o.late_until, o.content = u.content as same,
            ${isNewer} as newer, ${goesBefore} as before`,
          sql`true`,
        )}) as o left join file f on f.id = o.file_id
      ), said as (
        select nth,
          bool_or(state in ${holdingUpdateStates} and before) as held,
          greatest(0, extract(epoch from max(late_until) filter (where not newer) - clock_timestamp()) * 1000) as arriving,
          -- What was sent last is what the API has now; if nobody knows whether it was carried out, nothing repeats it.
          (array_agg(state = 'pushed' and same order by intent_at desc nulls last, id desc)
            filter (where state = 'pushed' or late_until is not null))[1] as repeats,
          bool_or(state = 'pushed' and newer) as overtaken,
          bool_or(state = 'pushed' and is_final) as closed,
          bool_or(state in ('received', 'waiting') and newer and goes) as waits
        from o group by nth
      )
      select u.nth::int - 1 as nth, coalesce(said.held, false) or ${isHeldByFile} as held,
        coalesce(arriving, 0)::float8 as "arrivingForMs", coalesce(repeats, false) as "repeatsLatest",
        coalesce(overtaken, false) as overtaken, coalesce(closed, false) as "acceptedFinal",
        coalesce(waits, false) and not u.may_be_set as "newerWaits"
      from u left join said on said.nth = u.nth`.execute(db);
    return answersOf(updates, rows, nothingBefore);
  });
}

function createNextUpdates(db: LedgerDatabase): UpdateLedger['nextUpdateOf'] {
  return readTogether<{ readonly id: string }, NextUpdate | null>(async (updates) => {
    const { rows } = await sql<NextUpdate & Numbered>`
      select i.nth::int - 1 as nth, r.id::text as id, r.version, r.state = 'waiting' as "isWaiting"
      from unnest(${updates.map(({ id }) => id)}::bigint[]) with ordinality as i(id, nth)
        join ledger_row u on u.id = i.id left join ledger_row l on l.id = u.lead_row
        cross join lateral (
          select r.* from (${others(
            sql`o.*`,
            sql`(o.state = 'received' or (o.state = 'waiting'
            and o.code in ('ROW_UPDATE_HELD', 'ROW_LEAD_NOT_REGISTERED_YET')))`,
          )}) as r
          order by ${nextFirst} limit 1) as r`.execute(db);
    return answersOf(updates, rows, null);
  });
}

/** In the order of the questions; `none` where there is no answer. */
function answersOf<Answer>(
  questions: readonly unknown[],
  rows: readonly (Answer & Numbered)[],
  none: Answer,
): readonly Answer[] {
  const byNumber = new Map(rows.map(({ nth, ...answer }) => [nth, answer as Answer]));
  return questions.map((_, nth) => byNumber.get(nth) ?? none);
}

export function createUpdateLedger(db: LedgerDatabase, planned: LedgerDatabase): UpdateLedger {
  const search = createLeadSearch(planned);
  return {
    async findLead(partner, { leadId, partnerLeadId }) {
      const rows = await search({ partner, leadId, partnerLeadId });
      if (leadId === null) return toLead(partner, rows[0]);
      const named = rows.find((row) => row.leadId === leadId);
      const ofOwnId = rows.find((row) => row.leadId !== leadId);
      if (named !== undefined && named.partner !== partner) return { kind: 'of_another_partner' };
      // One own id may stand for several leads (identity): the named one's own id decides, where it has one.
      const disagrees =
        named === undefined
          ? ofOwnId !== undefined && ofOwnId.leadId !== null
          : partnerLeadId !== null && named.ownId !== null && named.ownId !== partnerLeadId;
      return disagrees ? { kind: 'ids_disagree' } : toLead(partner, named);
    },

    leadOfRecord: createLeadOfRecord(planned),

    updateTurn: createTurns(planned),
    nextUpdateOf: createNextUpdates(planned),

    async enterUpdate(partner, row, actor) {
      const { rows } = await sql<{ id: string }>`
        with r as (
          insert into ledger_row (kind, partner, state, next_at, code, problems, warnings, key_id, payload, content,
            order_key, lead_row, lead_id, is_final)
          values ('update', ${partner}, ${row.state}, clock_timestamp(), ${row.code}, ${JSON.stringify(row.problems)}::jsonb,
            ${JSON.stringify(row.warnings)}::jsonb, ${row.keyId}, ${Buffer.from(row.payload)}, ${row.content}::uuid,
            ${row.orderKey}, ${row.leadRow}::bigint, ${row.leadId}, ${row.isFinal}) returning id, partner, state
        ), audited as (
          insert into audit_event (actor, action, partner, row_id, to_state)
          select ${actor}, 'update.entered', partner, id, state from r
        ) select id::text as id from r`.execute(db);
      const id = rows[0]?.id;
      if (id === undefined) throw new Error('an update was entered and has no id');
      return id;
    },
  };
}

function toLead(partner: string, found: FoundLead | undefined): LeadOfUpdate {
  if (found === undefined) return { kind: 'unknown' };
  if (found.partner !== partner) return { kind: 'of_another_partner' };
  return { kind: 'found', rowId: found.rowId, state: found.state, leadId: found.leadId };
}
