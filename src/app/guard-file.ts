import { filesCompared, findDrift, type FileProfile } from '../domain/drift.ts';
import type { Partner } from '../domain/partner.ts';
import type { Problem } from '../domain/problem.ts';
import type { Ports } from './ports.ts';
import type { EndOfReading, LedgerFile } from './ports/ledger.ts';

/**
 * What a person has to look at before the first call of a file. Asked once, when it has been read to its end: an empty
 * column and a repeated id show in the whole file only, reading takes a hundredth of the time that the calls take, and
 * one look finds everything at once. Until then no row of it is due.
 */
export async function guardFile(
  { ledger }: Pick<Ports, 'ledger'>,
  file: Pick<LedgerFile, 'id' | 'partner' | 'kind' | 'configVersion' | 'isLetThrough'>,
  partner: Partner,
  profile: Omit<FileProfile, 'configVersion'>,
): Promise<EndOfReading> {
  const isNew = partner.firstRows > 0 && !(await ledger.isConfigProven(file.partner, file.kind, file.configVersion));
  const firstRows = isNew ? partner.firstRows : 0;
  if (file.isLetThrough) return { problems: [], firstRows };
  const earlier = await ledger.profilesBefore(file, filesCompared);
  const drift = findDrift({ ...profile, configVersion: file.configVersion }, earlier, partner.drift);
  return { problems: [...drift, ...(await repeatedIds(ledger, file, partner))], firstRows };
}

async function repeatedIds(
  ledger: Ports['ledger'],
  { id, kind }: Pick<LedgerFile, 'id' | 'kind'>,
  { limits: { rowsPerId } }: Partner,
): Promise<readonly Problem[]> {
  // Of a lead there are many status updates, one after the other.
  if (kind === 'updates' || rowsPerId === null) return [];
  const rows = await ledger.mostRowsOfOneLead(id);
  return rows > rowsPerId ? [{ code: 'FILE_ID_REPEATED', detail: { rows } }] : [];
}
