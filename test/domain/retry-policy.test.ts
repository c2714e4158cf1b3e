import { describe, expect, it } from 'vitest';
import { planRetry, type RetryCause } from '../../src/domain/retry-policy.ts';

/** Tries until the budget is used up; answers the delays. */
function delays(cause: RetryCause, random: number, atMost = 50): number[] {
  const told: number[] = [];
  let attempts = 0;
  for (let n = 0; n < atMost; n += 1) {
    const plan = planRetry(cause, attempts, random);
    if (plan === null) break;
    told.push(plan.delayMs);
    attempts = plan.attempts;
  }
  return told;
}

describe('planRetry', () => {
  it('asks about KO three times over ten to fifteen minutes', () => {
    const waits = delays({ kind: 'inconclusive' }, 0.5);
    expect(waits.length).toBe(2);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(10 * 60_000);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(15 * 60_000);
  });

  it('backs off exponentially with full jitter and a cap where nothing was reached', () => {
    const slowest = delays({ kind: 'unreached' }, 0.999, 200);
    expect(slowest.length).toBe(99);
    for (let n = 1; n < slowest.length; n += 1) expect(slowest[n]).toBeGreaterThanOrEqual(slowest[n - 1] ?? 0);
    expect(Math.max(...slowest)).toBeLessThanOrEqual(15 * 60_000);
    expect(delays({ kind: 'unreached' }, 0)[5]).toBe(200);
  });

  it('uses up no try when the API names its time, when it is halted or when we held back', () => {
    for (const cause of [
      { kind: 'try_later', afterMs: 7000 },
      { kind: 'try_later', afterMs: null },
      { kind: 'halted' },
      { kind: 'withheld' },
    ] as const) {
      expect(planRetry(cause, 3, 0.5)?.attempts, cause.kind).toBe(3);
    }
  });

  it('never comes back before the time that the API named', () => {
    for (const random of [0, 0.5, 0.999]) {
      expect(planRetry({ kind: 'try_later', afterMs: 30_000 }, 0, random)?.delayMs).toBeGreaterThanOrEqual(30_000);
    }
  });

  it('does not come back at once where the API only says to slow down', () => {
    expect(planRetry({ kind: 'try_later', afterMs: null }, 0, 0)?.delayMs).toBeGreaterThanOrEqual(5_000);
  });

  it('repeats an unanswered create ten times, at growing distances, within 35 minutes', () => {
    const slowest = delays({ kind: 'repeat' }, 0.999);
    expect(slowest.length).toBe(9);
    for (let n = 1; n < slowest.length; n += 1) expect(slowest[n]).toBeGreaterThan(slowest[n - 1] ?? 0);
    expect(slowest.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(35 * 60_000);
    expect(Math.min(...delays({ kind: 'repeat' }, 0))).toBeGreaterThanOrEqual(1_000);
  });
});
