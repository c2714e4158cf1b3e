import type { OwnTexts } from './own-texts.ts';
import { readEmail } from './email.ts';
import { readNif } from './nif.ts';
import { readPhone } from './phone.ts';
import { restoreId } from './precision-lost.ts';

/** What is odd about the ids of a file: counts of rows, and the first of them. */
export type IdOddity = 'scientific' | 'rounded' | 'nif' | 'email' | 'phone';

export interface IdCounts {
  readonly filled: number;
  readonly blank: number;
  readonly odd: readonly { readonly oddity: IdOddity; readonly rows: number; readonly firstRows: readonly number[] }[];
}

const mostRows = 5;

/** Counts the ids of a column that a spreadsheet has damaged, and those that are a person's and not an enquiry's. */
export function createIdTally() {
  const odd = new Map<IdOddity, { oddity: IdOddity; rows: number; firstRows: number[] }>();
  let filled = 0;
  let blank = 0;
  return {
    add(row: number, id: string | undefined, own: OwnTexts): void {
      if (id === undefined) {
        blank++;
        return;
      }
      filled++;
      const oddity = oddityOf(id, own);
      if (oddity === null) return;
      const count = odd.get(oddity) ?? { oddity, rows: 0, firstRows: [] };
      count.rows++;
      if (count.firstRows.length < mostRows) count.firstRows.push(row);
      odd.set(oddity, count);
    },
    result: (): IdCounts => ({ filled, blank, odd: [...odd.values()] }),
  };
}

function oddityOf(id: string, own: OwnTexts): IdOddity | null {
  if (restoreId(id).kind === 'lost') return /e/i.test(id) ? 'scientific' : 'rounded';
  if (readEmail(id).kind === 'email') return 'email';
  // Shorter texts are ids of CRMs: reading pads them with zeros and would find a NIF in one of 23.
  if (id.replaceAll(/[^\da-z]/gi, '').length >= 9 && readNif(id).kind === 'nif') return 'nif';
  // Numbers of a CRM look like phone numbers as well; the row's own phone number is no coincidence.
  return isPhoneOf(id, own['phone'] ?? '') ? 'phone' : null;
}

function isPhoneOf(id: string, phone: string): boolean {
  if (phone === '' || (id.match(/\d/g)?.length ?? 0) < 9) return false;
  const [a, b] = [readPhone(id), readPhone(phone)];
  return a.kind === 'phone' && b.kind === 'phone' && a.phone === b.phone;
}
