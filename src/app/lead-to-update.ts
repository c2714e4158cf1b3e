import { findById } from './find-by-id.ts';
import type { Partner } from '../domain/partner.ts';
import type { Ports } from './ports.ts';
import type { LedgerRow } from './ports/row.ts';

/** The lead that a person means a status update for, or why there is none. */
export type LeadToUpdate =
  | { readonly kind: 'found'; readonly lead: LedgerRow; readonly partner: Partner }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'several'; readonly leads: readonly LedgerRow[] }
  /** It is no lead, or one that never came to be. */
  | { readonly kind: 'no_lead'; readonly row: LedgerRow }
  | { readonly kind: 'no_config'; readonly lead: LedgerRow };

const leadsThatNeverWere: ReadonlySet<string> = new Set(['rejected', 'not_managed', 'cancelled', 'abandoned']);

/** The leads that an id names: a duplicate or an update leads to its lead, where it is known. */
export async function leadsById(
  ports: Pick<Ports, 'ledger' | 'partners' | 'settings' | 'vault'>,
  text: string,
): Promise<readonly LedgerRow[]> {
  const rows = await findById(ports, text);
  const leads = await Promise.all(rows.map((row) => leadOfRow(ports, row)));
  return [...new Map(leads.map((lead) => [lead.id, lead])).values()];
}

/** Of a duplicate the row that counts, of an update the row of its lead; else the row itself. */
export async function leadOfRow({ ledger }: Pick<Ports, 'ledger'>, row: LedgerRow): Promise<LedgerRow> {
  const leadId = row.kind === 'update' ? row.leadRow : row.duplicateOf;
  return (leadId === null ? null : await ledger.row(leadId)) ?? row;
}

/** Which of the leads that were found is meant: one, that exists or is on its way, of a partner with a config. */
export function judgeLeadToUpdate({ partners }: Pick<Ports, 'partners'>, leads: readonly LedgerRow[]): LeadToUpdate {
  const [lead, another] = leads;
  if (lead === undefined) return { kind: 'unknown' };
  if (another !== undefined) return { kind: 'several', leads };
  if (lead.kind !== 'lead' || leadsThatNeverWere.has(lead.state)) return { kind: 'no_lead', row: lead };
  const partner = partners.get(lead.partner);
  return partner === null ? { kind: 'no_config', lead } : { kind: 'found', lead, partner };
}
