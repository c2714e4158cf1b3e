import { lookUpPerson } from '../app/look-up-person.ts';
import type { RowFilter } from '../app/ports/ledger.ts';
import type { LedgerRow } from '../app/ports/row.ts';
import { readPersonKeys } from '../domain/person-key.ts';
import type { Cli, OpenedLedger } from './cli.ts';

/**
 * Rows of whose NIF, phone or e-mail this is, newest first; none where it is no such thing. The audit log
 * is told. Says what it could not look at. `by` is the command.
 */
export async function rowsOfPerson(
  opened: Pick<OpenedLedger, 'persons' | 'vault' | 'auditTrail'>,
  text: string,
  filter: RowFilter,
  { actor, out, by }: Pick<Cli, 'actor' | 'out'> & { readonly by: string },
): Promise<readonly LedgerRow[]> {
  const keys = readPersonKeys(text);
  if (keys.length === 0) return [];
  const ports = { ...opened, auditLog: opened.auditTrail.log };
  const { rows, unseen } = await lookUpPerson(ports, keys, filter, { actor, by });
  if (unseen > 0)
    out.note(`about ${unseen} rows that were read just now were not looked at; ask again in some minutes`);
  return rows;
}
