import type { LedgerFile } from '../app/ports/ledger.ts';
import { partnerText } from '../domain/faults.ts';

/** Why a file is held, a sentence for each thing to look at. */
export function sayHeld({ heldBecause }: Pick<LedgerFile, 'heldBecause'>): readonly string[] {
  return heldBecause.map(({ code, column, detail }) => partnerText(code, 'en', { column: column ?? '', ...detail }));
}
