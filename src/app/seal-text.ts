import type { LedgerRow } from './ports/row.ts';
import type { Vault } from './ports/vault.ts';

/** Seals the API's message with the row's own key. */
export async function sealText(vault: Vault, row: LedgerRow, text: string | null): Promise<Uint8Array | null> {
  if (text === null) return null;
  const key = await vault.keyById(row.keyId);
  return key.seal(text);
}
