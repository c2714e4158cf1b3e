import type { LedgerFile } from './ports/ledger.ts';
import type { Vault } from './ports/vault.ts';

/** What stands for a name that is past its time. */
const retired = 'retired.csv';

/** A file's name, opened. */
export async function openFileName(vault: Vault, { keyId, name }: Pick<LedgerFile, 'keyId' | 'name'>): Promise<string> {
  // Its key may be gone, too.
  if (name.length === 0) return retired;
  return (await vault.keyById(keyId)).open(name);
}
