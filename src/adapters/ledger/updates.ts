import { sql } from 'kysely';
import type { LeadOfUpdate, UpdateLedger, UpdateTurn } from '../../app/ports/ledger.ts';
import type { RowState } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';

interface FoundLead {
  readonly rowId: string;
  readonly state: RowState;
  readonly leadId: string | null;
  readonly partner: string;
}

/**
 * Is the row `o` before the row `u` of the same lead? By the partner's own date where both have one, then by the file's
 * arrival, then by row; what was entered by hand comes when it was entered. All in one comparable tuple would let a row
 * without a date overtake, so the date counts only between two that have it.
 */
const isOlder = sql.raw(`
  case when o.order_key is not null and u.order_key is not null and o.order_key <> u.order_key
    then o.order_key < u.order_key
    else (coalesce(o.file_id, 9223372036854775807), coalesce(o.row_number, 2147483647), o.id)
      < (coalesce(u.file_id, 9223372036854775807), coalesce(u.row_number, 2147483647), u.id) end`);

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
        order by state in ('received', 'waiting', 'checked', 'submitting', 'in_doubt', 'registered',
          'registered_without_id', 'abandoned') desc, id desc limit 1`.execute(db);
      return toLead(partner, rows[0]);
    },

    async updateTurn(row) {
      const { rows } = await sql<UpdateTurn>`
        with u as (
          select r.id, r.partner, r.file_id, r.row_number, r.order_key, r.content, l.id as lead_row,
            l.partner_lead_id as partner_lead_id
          from ledger_row r join ledger_row l on l.id = ${row.leadRow} where r.id = ${row.id}
        ), latest as (
          select o.content, o.code from ledger_row o, u
          where o.kind = 'update' and o.lead_row = u.lead_row and o.id <> u.id and o.state = 'pushed'
          order by o.order_key desc nulls last, o.file_id desc nulls first, o.row_number desc nulls first, o.id desc
          limit 1
        )
        select
          exists (select from ledger_row o where o.kind = 'update' and o.lead_row = u.lead_row and o.id <> u.id
            and o.state in ('received', 'waiting', 'pushing', 'failed', 'in_doubt') and ${isOlder})
          -- One that came before the ledger knew its lead, and has not been joined to it yet.
          or exists (select from ledger_row o where o.kind = 'update' and o.lead_row is null and o.partner = u.partner
            and o.partner_lead_id = u.partner_lead_id and o.id <> u.id
            and o.state in ('received', 'waiting', 'pushing', 'failed', 'in_doubt') and ${isOlder})
          or exists (select from file f where f.partner = u.partner and f.kind = 'updates'
            and f.state in ('arrived', 'reading') and f.id <= coalesce(u.file_id, f.id)) as held,
          coalesce((select latest.content = u.content from latest), false) as "repeatsLatest",
          exists (select from ledger_row o where o.kind = 'update' and o.lead_row = u.lead_row and o.id <> u.id
            and o.state = 'pushed' and o.is_final) as "acceptedFinal"
        from u`.execute(db);
      return rows[0] ?? { held: false, repeatsLatest: false, acceptedFinal: false };
    },

    async nextUpdateOf(leadRow) {
      const { rows } = await sql<{ id: string; version: number }>`
        select id::text as id, version from ledger_row
        where kind = 'update' and lead_row = ${leadRow} and state in ('received', 'waiting')
          and (state = 'received' or code = 'ROW_UPDATE_HELD')
        order by order_key nulls first, file_id nulls last, row_number nulls last, id limit 1`.execute(db);
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
