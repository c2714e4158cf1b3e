/** What a partner's rows may use of the account for tries beyond their first. */
export interface RetryBudget {
  /** Retries that may be planned at once. Below 0: so many are planned already, and the next waits behind them. */
  readonly left: number;
  /** When that was so, by any clock that does not jump back. */
  readonly atMs: number;
}

/** A retry for every ten first tries … */
const shareOfFirstTries = 0.1;
/** … and a tenth of the account's rate, whatever first tries there are; of an account without a limit ten a second. */
const shareOfRate = 0.1;
const perSecondWithoutLimit = 10;
/** So many rows may stumble at once and not notice. */
const burst = 100;

export const fullBudget: RetryBudget = { left: burst, atMs: 0 };

/** A row of the partner is tried for the first time. */
export function noteFirstTry(budget: RetryBudget): RetryBudget {
  return budget.left === burst ? budget : { ...budget, left: Math.min(burst, budget.left + shareOfFirstTries) };
}

/**
 * Takes a retry out of the budget, and answers how long it has to wait beyond its own back-off: retries are never refused,
 * only spread, so that one partner's broken rows take a tenth of the account and not all of it.
 */
export function planFromBudget(
  budget: RetryBudget,
  nowMs: number,
  ratePerSecond: number,
): { readonly budget: RetryBudget; readonly waitMs: number } {
  const perSecond = ratePerSecond === 0 ? perSecondWithoutLimit : ratePerSecond * shareOfRate;
  const earned = (Math.max(0, nowMs - budget.atMs) / 1_000) * perSecond;
  const left = Math.min(burst, budget.left + earned) - 1;
  return { budget: { left, atMs: nowMs }, waitMs: left >= 0 ? 0 : (-left / perSecond) * 1_000 };
}
