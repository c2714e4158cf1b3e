import { openLead } from '../app/row-payload.ts';
import type { LedgerRow } from '../app/ports/row.ts';
import { readEmail } from '../domain/email.ts';
import { readNif } from '../domain/nif.ts';
import type { OpenedLedger } from './cli.ts';

/** Sealed data can't be indexed: so many of the newest lead rows are opened and looked at. */
const rowsOpened = 20_000;

/** Lead rows whose NIF, phone or e-mail is the one given, among the newest 20,000. */
export async function rowsOfPerson(
  { ledger, vault }: Pick<OpenedLedger, 'ledger' | 'vault'>,
  text: string,
): Promise<readonly LedgerRow[]> {
  const isSame = comparison(text);
  const found: LedgerRow[] = [];
  for (const row of await ledger.rows({ kind: 'lead', limit: rowsOpened })) {
    const { fields } = await openLead(vault, row);
    if (isSame(fields)) found.push(row);
  }
  return found;
}

function comparison(text: string): (fields: Readonly<Record<string, string>>) => boolean {
  const nif = nifOf(text);
  const email = emailOf(text);
  const phone = lastDigits(text);
  return (fields) =>
    nifOf(fields['dni'] ?? '') === nif ||
    (email !== '' && emailOf(fields['email'] ?? '') === email) ||
    (phone !== '' && lastDigits(fields['phone'] ?? '') === phone);
}

function nifOf(text: string): string {
  const read = readNif(text);
  return read.kind === 'nif' ? read.nif : text.trim().toUpperCase();
}

function emailOf(text: string): string {
  const read = readEmail(text);
  return read.kind === 'email' ? read.email : '';
}

/** The national number, whatever was written before it; nothing where there are too few digits for one. */
function lastDigits(text: string): string {
  if (/\p{L}/u.test(text)) return '';
  const digits = text.replaceAll(/\D/g, '');
  return digits.length < 9 ? '' : digits.slice(-9);
}
