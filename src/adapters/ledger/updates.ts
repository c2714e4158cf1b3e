import { sql } from 'kysely';
import type { LeadOfUpdate, UpdateLedger, UpdateTurn } from '../../app/ports/ledger.ts';
import type { RowState } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { identityStates } from './state-lists.ts';
import { isHeld, isNewer, oldestFirst } from './update-order.ts';

interface FoundLead {
  readonly rowId: string;
  readonly state: RowState;
  readonly leadId: string | null;
  readonly partner: string;
}

export function createUpdateLedger(db: LedgerDatabase): UpdateLedger {
  return {
    async findLead(partner, { leadId, partnerLeadId }) {
      if (leadId !== null) {
        const { rows } = await sql<FoundLead>`
          select id::text as "rowId", state, lead_id as "leadId", partner from ledger_row
          where kind = 'lead' and lead_id = ${leadId}`.execute(db);
        return toLead(partner, rows[0]);
      }
      if (partnerLeadId === null) return { kind: 'unknown' };
      const { rows } = await sql<FoundLead>`
        select id::text as "rowId", state, lead_id as "leadId", partner from ledger_row
        where kind = 'lead' and partner = ${partner} and partner_lead_id = ${partnerLeadId} and state <> 'duplicate'
        order by state in ${identityStates} desc, id desc limit 1`.execute(db);
      return toLead(partner, rows[0]);
    },

    async updateTurn(row) {
      const { rows } = await sql<UpdateTurn>`
        with u as (
          select r.id, r.partner, r.file_id, r.row_number, r.order_key, r.arrived_at, r.content, r.partner_lead_id
          from ledger_row r where r.id = ${row.id}
        ), l as (
          select id, partner_lead_id from ledger_row where id = ${row.leadRow}
        ), pushed as materialized (
          select o.content, o.is_final, o.intent_at, o.order_key, o.arrived_at, o.file_id, o.row_number, o.id
          from ledger_row o, l, u
          where o.kind = 'update' and o.state = 'pushed' and o.id <> u.id
            and (o.lead_row = l.id or (o.partner = u.partner and o.partner_lead_id = u.partner_lead_id))
        )
        select ${isHeld} as held,
          -- The newest is the one that was sent last: what the API has now.
          coalesce((select p.content = u.content from pushed p
            order by p.intent_at desc nulls last, p.id desc limit 1), false) as "repeatsLatest",
          exists (select from pushed p where ${isNewer}) as overtaken,
          exists (select from pushed where is_final) as "acceptedFinal"
        from u, l`.execute(db);
      return rows[0] ?? { held: false, overtaken: false, repeatsLatest: false, acceptedFinal: false };
    },

    async nextUpdateOf(leadRow) {
      const { rows } = await sql<{ id: string; version: number }>`
        select r.id::text as id, r.version from ledger_row r
        where r.kind = 'update' and r.lead_row = ${leadRow}
          and (r.state = 'received' or (r.state = 'waiting' and r.code = 'ROW_UPDATE_HELD'))
        order by ${oldestFirst} limit 1`.execute(db);
      return rows[0] ?? null;
    },

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
