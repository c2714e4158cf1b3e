import type { LedgerRow } from './row.ts';

/** What the comparison with an insurer's listing asks of the ledger. */
export interface ListingLedger {
  /** Leads in doubt, and those registered without a leadId, by row id after one of them. */
  leadsToReconcile(partner: string | null, after: string, limit: number): Promise<readonly LedgerRow[]>;
  /** The rows that have these leadIds. */
  holdersOf(leadIds: readonly string[]): Promise<readonly LeadHolder[]>;
  /** Registered leads with these keyed hashes of a partner's own id. */
  registeredUnder(macs: readonly string[]): Promise<readonly RegisteredLead[]>;
  /** How many leads were registered before a moment, and what time the database has. */
  registeredBefore(moment: Date, partner: string | null): Promise<{ readonly count: number; readonly now: Date }>;
}

export interface LeadHolder {
  readonly leadId: string;
  readonly rowId: string;
  readonly partner: string;
  /** Keyed hash of the partner's own id; null where the partner gave none, and the row's own id was sent. */
  readonly partnerLeadIdMac: string | null;
  readonly createdAt: Date;
  readonly registeredAt: Date;
  /** Nothing of its request had left before. Null: it was never announced by us. */
  readonly announcedAt: Date | null;
}

export interface RegisteredLead {
  readonly mac: string;
  readonly rowId: string;
  readonly leadId: string;
}
