import { sql } from 'kysely';
import type { LeadHolder, ListingLedger, RegisteredLead } from '../../app/ports/listing-ledger.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { rowColumns } from './read-row.ts';

export function createListingLedger(db: LedgerDatabase): ListingLedger {
  return {
    async leadsToReconcile(partner, after, limit) {
      const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r
        where r.kind = 'lead' and r.state in ('in_doubt', 'registered_without_id') and r.id > ${after}
          and (${partner}::text is null or r.partner = ${partner})
        order by r.id limit ${limit}`.execute(db);
      return rows;
    },
    async holdersOf(leadIds) {
      const { rows } = await sql<LeadHolder>`
        select lead_id as "leadId", id::text as "rowId", partner, partner_lead_id::text as "partnerLeadIdMac",
          created_at as "createdAt", updated_at as "registeredAt", intent_at as "announcedAt" from ledger_row
        where kind = 'lead' and lead_id = any (${leadIds}::text[])`.execute(db);
      return rows;
    },
    async registeredUnder(macs) {
      const { rows } = await sql<RegisteredLead>`
        select partner_lead_id::text as mac, id::text as "rowId", lead_id as "leadId" from ledger_row
        where kind = 'lead' and state = 'registered' and partner_lead_id = any (${macs}::uuid[])`.execute(db);
      return rows;
    },
    async registeredBefore(moment, partner) {
      const { rows } = await sql<{ count: number; now: Date }>`
        select count(*)::int as count, clock_timestamp() as now from ledger_row
        where kind = 'lead' and state = 'registered' and updated_at < ${moment}
          and (${partner}::text is null or partner = ${partner})`.execute(db);
      return rows[0] ?? { count: 0, now: new Date(0) };
    },
  };
}
