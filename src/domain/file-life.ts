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

/** The kinds of file, as users name them. A file of kind `leads` has rows of kind `lead`. */
export type FileKind = 'leads' | 'updates';

export function rowKindOf(kind: FileKind): RowKind {
  return kind === 'leads' ? 'lead' : 'update';
}
