import type { ReplayBatch, ReplayClass, StayedRow } from '../app/ports/replay-ledger.ts';

/** Of one row, and of more. */
const classes: Readonly<Record<ReplayClass, readonly [string, string]>> = {
  safe: [
    'goes back to work: proven not to have created anything',
    'go back to work: proven not to have created anything',
  ],
  in_doubt: [
    'stays: may have arrived; `leadsync in-doubt` says what to do',
    'stay: may have arrived; `leadsync in-doubt` says what to do',
  ],
  needs_corrected_file: [
    'stays: to be corrected by the partner, in a new file',
    'stay: to be corrected by the partner, in a new file',
  ],
  not_replayable: [
    'stays: ended for good, at work, its values gone, or its file turned away',
    'stay: ended for good, at work, their values gone, or of a file turned away',
  ],
};

/** In the order in which they are told. */
export const replayClasses = Object.keys(classes) as readonly ReplayClass[];

/** What becomes of `n` rows of a class. */
export function sayReplayClass(name: ReplayClass, n: number): string {
  return classes[name][n === 1 ? 0 : 1];
}

/** `5 replayed · 1 had moved on · 0 held by another row`, and what is left where something is. */
export function sayReplayProgress({ replayed, movedOn, heldByAnother, left, state }: ReplayBatch): string {
  const parts = [`${replayed} replayed`, `${movedOn} had moved on`, `${heldByAnother} held by another row`];
  if (left > 0) parts.push(`${left} ${state === 'aborted' ? 'not touched' : 'left'}`);
  return parts.join(' · ');
}

/** How much of a batch is done. Rounded down: 100 % is all of it. */
export function sayReplayShare({ rows, left }: ReplayBatch): string {
  return `${Math.floor(((rows - left) / rows) * 100)} %`;
}

/** What was selected. */
export function sayReplayFilter({ filter }: Pick<ReplayBatch, 'filter'>): string {
  return (
    Object.entries(filter)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ') || 'everything parked'
  );
}

/** Why a row was not taken back to work. */
export function sayStayed({ why, holder }: StayedRow): string {
  return why === 'moved_on' ? 'it had moved on' : `row ${holder ?? ''} holds the lead`;
}
