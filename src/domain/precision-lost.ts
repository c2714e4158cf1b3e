/**
 * What a spreadsheet does to long numbers: `6,12E+08`, or everything after the 15th digit set to zero. Such a value is a
 * well-formed number of somebody else, so it is never used unless every digit still shows.
 */
export type ReadDigits =
  | { readonly kind: 'untouched'; readonly text: string }
  | { readonly kind: 'restored'; readonly text: string }
  | { readonly kind: 'lost' };

// A bare 12E5 is an id that happens to hold an E; spreadsheets write a decimal mark or a plus sign.
const scientific = /^(\d+)(?:[.,](\d+)E\+?|E\+)(\d{1,2})$/i;
const keptDigits = 15;

/** Undoes scientific notation where no digit is missing: 6,12345678E+08 is 612345678, 6,12E+08 is lost. */
export function restoreDigits(text: string): ReadDigits {
  const match = scientific.exec(text);
  if (match === null) return { kind: 'untouched', text };
  const [, whole = '', decimals = '', exponent = ''] = match;
  if (decimals.length !== Number(exponent)) return { kind: 'lost' };
  return { kind: 'restored', text: whole + decimals };
}

/** The same for ids, which are also lost when a long run of digits ends in the zeros of a rounded number. */
export function restoreId(text: string): ReadDigits {
  if (/^\d{16,}$/.test(text) && /^0+$/.test(text.slice(keptDigits))) return { kind: 'lost' };
  return restoreDigits(text);
}
