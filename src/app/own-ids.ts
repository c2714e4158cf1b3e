import type { Settings } from './ports.ts';
import type { LedgerRow } from './ports/row.ts';

/**
 * What a row is called in the world: `ls-<ledger>-<row>`. Row numbers begin at 1 in every ledger, so the ledger's own id
 * is part of it. The insurer's people see it as the partnerLeadId of leads whose partner gave none.
 */
export function ownIdOf({ ledgerId }: Pick<Settings, 'ledgerId'>, row: { readonly id: string }): string {
  return `ls-${ledgerId.slice(0, 8)}-${row.id}`;
}

/** The row that an own id names. Null for what is none, and for another ledger's. */
export function rowIdOf({ ledgerId }: Pick<Settings, 'ledgerId'>, text: string): string | null {
  const [, ledger, rowId] = /^ls-(?:([0-9a-f]{8})-)?(\d{1,18})$/i.exec(text) ?? [];
  if (rowId === undefined) return null;
  return ledger === undefined || ledger.toLowerCase() === ledgerId.slice(0, 8) ? rowId : null;
}

/**
 * Stable for the life of a row: a server that honours it sees one request, however often a person sends it again after
 * doubt. A replay after a definite end takes a new one. Another ledger's key would bring back another person's lead.
 */
export function idempotencyKeyOf(settings: Pick<Settings, 'ledgerId'>, row: LedgerRow): string {
  const key = ownIdOf(settings, row);
  return row.replays === 0 ? key : `${key}-${row.replays}`;
}

/**
 * The row was entered after its request had left: the ledger came from a backup and learnt of the request from the spool
 * (recover.ts). Where the partner gave no id, the lead was sent under the number of a row that is gone.
 */
export function isYoungerThanItsRequest(row: { readonly createdAt: Date; readonly intentAt: Date | null }): boolean {
  return row.intentAt !== null && row.createdAt > row.intentAt;
}
