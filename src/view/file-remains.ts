import { unsentRowStates } from '../domain/lead-row.ts';

type Counts = Readonly<Record<string, number>>;

/** Rows of a file that cancelling it would cancel: nothing of them was sent, or nothing came of it. */
export function countUnsent(counts: Counts): number {
  return sumOf(counts, [...unsentRowStates, 'failed']);
}

/** Leads of a file that the insurer has or may have. */
export function countCreated(counts: Counts): number {
  return sumOf(counts, ['submitting', 'registered', 'registered_without_id', 'in_doubt', 'abandoned']);
}

function sumOf(counts: Counts, states: readonly string[]): number {
  return states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}
