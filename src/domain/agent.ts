import { unwrapSpreadsheet } from './unwrap-spreadsheet.ts';

export type ReadAgent =
  | { readonly kind: 'agent'; readonly agenteId: string; readonly repairs: readonly 'leading_zeros'[] }
  | { readonly kind: 'problem'; readonly code: 'ROW_AGENT_INVALID' };

/** Reads an agent: up to 7 digits, padded to 7. Always text: 0051245 is not the number 51245. */
export function readAgent(cell: string): ReadAgent {
  const digits = unwrapSpreadsheet(cell.trim()).replace(/^(\d{1,7})[.,]0+$/, '$1');
  if (!/^\d{1,7}$/.test(digits)) return { kind: 'problem', code: 'ROW_AGENT_INVALID' };
  return { kind: 'agent', agenteId: digits.padStart(7, '0'), repairs: digits.length < 7 ? ['leading_zeros'] : [] };
}
