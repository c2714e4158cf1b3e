import { unwrapSpreadsheet } from './unwrap-spreadsheet.ts';

const lineBreaks = /[\t\r\n\v\f\u0085\u2028\u2029]+/g;
// Cc: control characters. Cf: zero-width, direction and soft-hyphen characters, which make equal texts differ unseen.
const invisible = /[\p{Cc}\p{Cf}]+/gu;
const spaces = /[\p{Zs} ]+/gu;
// Letters of Western Europe as well: each is one character, composed already. Not the space and the hyphen among them.
const plain = /^[!-&(-<>-~¡-¬®-ÿ]+(?: [!-~¡-¬®-ÿ]+)*$/;

/** A cell as text that can be sent: NFC, one line, single spaces, nothing invisible, out of a spreadsheet's wrapping. */
export function cleanText(cell: string): string {
  if (cell === '' || plain.test(cell)) return cell;
  const visible = cell
    .toWellFormed()
    .normalize('NFC')
    .replace(lineBreaks, ' ')
    .replace(invisible, '')
    .replace(spaces, ' ')
    .trim();
  return unwrapSpreadsheet(visible);
}
