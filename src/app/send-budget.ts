import type { Clock } from './ports.ts';

/**
 * The age of an intent, from before its statement was sent, by the larger of the monotonic and the wall clock (a
 * suspended machine stops the first). Past the budget nothing is sent any more: the sweeper or an operator may already
 * have judged the intent.
 */
export function startSendBudget(clock: Clock, budgetMs: number): SendBudget {
  const monotonic = clock.monotonicMs();
  const wall = clock.wallMs();
  const ageMs = (): number => Math.max(clock.monotonicMs() - monotonic, clock.wallMs() - wall);
  return { maySend: () => ageMs() <= budgetMs, leftMs: () => Math.max(0, budgetMs - ageMs()) };
}

export interface SendBudget {
  readonly maySend: () => boolean;
  /** To wait for a place for any longer would be in vain. */
  readonly leftMs: () => number;
}
