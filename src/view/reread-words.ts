import type { RereadEnd } from '../app/reread-file.ts';

/** What becomes of rows that are read again. */
export const rereadEnds: Readonly<Record<RereadEnd, string>> = {
  stays: 'stays as it is',
  work: 'goes to work',
  rejected: 'rejected',
  duplicate: 'repeats another row',
};
