import { findPerson } from '../app/find-person.ts';
import type { RowFilter } from '../app/ports/ledger.ts';
import type { LedgerRow } from '../app/ports/row.ts';
import { readPersonKeys } from '../domain/person-key.ts';
import type { OpenedLedger, Output } from './cli.ts';

/** Rows of whose NIF, phone or e-mail this is, newest first; none where it is no such thing. Says what it could not look at. */
export async function rowsOfPerson(
  opened: Pick<OpenedLedger, 'persons' | 'vault'>,
  text: string,
  filter: RowFilter,
  out: Pick<Output, 'note'>,
): Promise<readonly LedgerRow[]> {
  const keys = readPersonKeys(text);
  if (keys.length === 0) return [];
  const { rows, unseen } = await findPerson(opened, keys, filter);
  if (unseen > 0)
    out.note(`about ${unseen} rows that were read just now were not looked at; ask again in some minutes`);
  return rows;
}
