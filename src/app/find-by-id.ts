import { macPartnerLeadId } from './keyed-hashes.ts';
import { rowIdOf } from './own-ids.ts';
import type { Ports } from './ports.ts';
import type { LedgerRow } from './ports/row.ts';

/** Rows that a text names: by row id (`ls-42`, or as it was sent, `ls-1f2e3d4c-42`), leadId, idLanding or partnerLeadId. */
export async function findById(
  { ledger, vault, partners, settings }: Pick<Ports, 'ledger' | 'partners' | 'settings' | 'vault'>,
  text: string,
): Promise<readonly LedgerRow[]> {
  const rowId = rowIdOf(settings, text);
  if (rowId !== null) {
    const row = await ledger.row(rowId);
    if (row !== null) return [row];
  }
  // The hash holds the partner, so that each is asked for; partners without a config any more are in the counts.
  const known = new Set([
    ...partners.list().map((partner) => partner.id),
    ...(await ledger.counts()).map((count) => count.partner),
  ]);
  const partnerLeadIdMacs = [...known].map((partner) => macPartnerLeadId(vault, partner, text));
  return ledger.findRows({ text, partnerLeadIdMacs });
}
