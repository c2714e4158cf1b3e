import { unwrapSpreadsheet } from './unwrap-spreadsheet.ts';

export type ReadPostalCode =
  | { readonly kind: 'postalCode'; readonly postalCode: string; readonly repairs: readonly 'leading_zeros'[] }
  | { readonly kind: 'problem' };

// 50 provinces, Ceuta (51) and Melilla (52).
const spanish = /^(?:0[1-9]|[1-4]\d|5[0-2])\d{3}$/;

/** Reads a Spanish postal code and gives 8014 its zero back. */
export function readPostalCode(cell: string): ReadPostalCode {
  if (spanish.test(cell)) return { kind: 'postalCode', postalCode: cell, repairs: [] };
  const digits = unwrapSpreadsheet(cell.normalize('NFKC').trim())
    .replace(/^ES?[\s-]*/i, '')
    .replace(/\s+/g, '')
    .replace(/^(\d{4,5})[.,]0+$/, '$1')
    .replace(/^(\d{1,2})\.(\d{3})$/, '$1$2');
  const isShort = /^\d{4}$/.test(digits);
  const postalCode = isShort ? `0${digits}` : digits;
  if (!spanish.test(postalCode)) return { kind: 'problem' };
  return { kind: 'postalCode', postalCode, repairs: isShort ? ['leading_zeros'] : [] };
}
