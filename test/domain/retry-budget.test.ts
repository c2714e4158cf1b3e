import { expect, it } from 'vitest';
import { fullBudget, noteFirstTry, planFromBudget, type RetryBudget } from '../../src/domain/retry-budget.ts';

/** Plans so many retries at one moment; answers how long the last of them waits and what is left. */
function plan(
  many: number,
  from: RetryBudget,
  nowMs: number,
  ratePerSecond = 10,
): { budget: RetryBudget; waitMs: number } {
  let planned = { budget: from, waitMs: 0 };
  for (let n = 0; n < many; n += 1) planned = planFromBudget(planned.budget, nowMs, ratePerSecond);
  return planned;
}

it('lets a hundred rows stumble at once and notice nothing', () => {
  expect(plan(100, fullBudget, 0).waitMs).toBe(0);
  expect(plan(101, fullBudget, 0).waitMs).toBe(1_000);
});

it('spreads the retries of a partner whose rows are all broken over a tenth of the rate', () => {
  expect(plan(1_100, fullBudget, 0).waitMs).toBe(1_000_000);
  expect(plan(1_100, fullBudget, 0, 100).waitMs).toBe(100_000);
  expect(plan(1_100, fullBudget, 0, 0).waitMs).toBe(100_000);
});

it('earns a retry by ten first tries, and by time; but never more than a hundred', () => {
  let { budget } = plan(200, fullBudget, 0);
  for (let n = 0; n < 1_000; n += 1) budget = noteFirstTry(budget);
  expect(planFromBudget(budget, 0, 10).waitMs).toBeCloseTo(1_000);
  expect(plan(101, budget, 10_000_000).waitMs).toBe(1_000);
});
