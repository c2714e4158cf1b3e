/**
 * The life of a file.
 *
 *   arrived ──> reading ──> read ──> settled     every row final or parked, result file issued; a replay re-issues it
 *      │            └────> quarantined           its bytes changed after it was taken in
 *      └──────> rejected                         nothing of it is imported
 *   arrived, reading, read, settled ──> held     waits for a person: nothing further of it is read or sent
 *   held ──> where it was | rejected
 *
 * Rows go to work once their file is read to its end and nothing has held it.
 */
export const fileStates = ['arrived', 'held', 'reading', 'read', 'settled', 'rejected', 'quarantined'] as const;

export type FileState = (typeof fileStates)[number];

/** The states in which a file's bytes count as imported: the same bytes are not imported again. */
export const acceptedFileStates = [
  'arrived',
  'held',
  'reading',
  'read',
  'settled',
] as const satisfies readonly FileState[];

export type RowKind = 'lead' | 'update';

/** The kinds of file, as users name them. */
export const fileKinds = ['leads', 'updates', 'mixed'] as const;

export type FileKind = (typeof fileKinds)[number];

/** The kinds of row that a file has. A record of a mixed file may be one of each, under one row number. */
export function rowKindsOf(kind: FileKind): readonly RowKind[] {
  if (kind === 'mixed') return ['lead', 'update'];
  return kind === 'leads' ? ['lead'] : ['update'];
}
