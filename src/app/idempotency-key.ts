import type { Settings } from './ports.ts';
import type { LedgerRow } from './ports/row.ts';

/**
 * Stable for the life of a row: a server that honours it sees one request, however often a person sends it again after
 * doubt. A replay after a definite end takes a new one. It holds the ledger's own id, because row numbers begin at 1 in
 * every ledger: another ledger's key would bring back another person's lead.
 */
export function idempotencyKeyOf({ ledgerId }: Settings, row: LedgerRow): string {
  const key = `ls-${ledgerId.slice(0, 8)}-${row.id}`;
  return row.replays === 0 ? key : `${key}-${row.replays}`;
}
