import { describe, expect, it } from 'vitest';
import { isOfTheRow, planRetry, type RetryCause } from '../../src/domain/retry-policy.ts';

const fresh = { tryingForMs: 0, budgetWaitMs: 0 };

/** Tries until the budget is used up; answers the delays. */
function delays(cause: RetryCause, random: number, atMost = 50): number[] {
  const told: number[] = [];
  let attempts = 0;
  for (let n = 0; n < atMost; n += 1) {
    const plan = planRetry(cause, { attempts, ...fresh }, random);
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
    expect(slowest.length).toBe(19);
    for (let n = 1; n < slowest.length; n += 1) expect(slowest[n]).toBeGreaterThanOrEqual(slowest[n - 1] ?? 0);
    expect(Math.max(...slowest)).toBeLessThanOrEqual(15 * 60_000);
    expect(delays({ kind: 'unreached' }, 0)[5]).toBe(200);
  });

  it('uses up no try when the API names its time, when it is halted or when we held back', () => {
    for (const cause of [
      { kind: 'try_later', afterMs: 7000 },
      { kind: 'try_later', afterMs: null },
      { kind: 'halted' },
      { kind: 'outage' },
      { kind: 'withheld' },
    ] as const) {
      expect(planRetry(cause, { attempts: 3, ...fresh }, 0.5)?.attempts, cause.kind).toBe(3);
    }
  });

  it('never comes back before the time that the API named', () => {
    for (const random of [0, 0.5, 0.999]) {
      expect(
        planRetry({ kind: 'try_later', afterMs: 30_000 }, { attempts: 0, ...fresh }, random)?.delayMs,
      ).toBeGreaterThanOrEqual(30_000);
    }
  });

  it('does not come back at once where the API only says to slow down', () => {
    expect(
      planRetry({ kind: 'try_later', afterMs: null }, { attempts: 0, ...fresh }, 0)?.delayMs,
    ).toBeGreaterThanOrEqual(5_000);
  });

  it('repeats an unanswered create ten times, at growing distances, within 35 minutes', () => {
    const slowest = delays({ kind: 'repeat' }, 0.999);
    expect(slowest.length).toBe(9);
    for (let n = 1; n < slowest.length; n += 1) expect(slowest[n]).toBeGreaterThan(slowest[n - 1] ?? 0);
    expect(slowest.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(35 * 60_000);
    expect(Math.min(...delays({ kind: 'repeat' }, 0))).toBeGreaterThanOrEqual(1_000);
  });

  it('is drawn out by the budget where the row is to blame, and nowhere else', () => {
    const causes = ['withheld', 'outage', 'unreached', 'repeat', 'halted', 'inconclusive'] as const;
    const plan = (kind: (typeof causes)[number], budgetWaitMs: number) =>
      planRetry({ kind }, { attempts: 0, tryingForMs: 0, budgetWaitMs }, 0.5);
    for (const kind of causes) {
      const drawnOut = (plan(kind, 5_000)?.delayMs ?? 0) - (plan(kind, 0)?.delayMs ?? 0);
      expect([kind, drawnOut]).toEqual([kind, isOfTheRow({ kind }) ? 5_000 : 0]);
    }
  });

  it('gives up a row after a day of trying, and none for an outage, a halt or what we kept back', () => {
    const old = { attempts: 0, tryingForMs: 24 * 3_600_000 + 1, budgetWaitMs: 0 };
    const ends = (cause: RetryCause): boolean => planRetry(cause, old, 0.5) === null;
    expect(ends({ kind: 'unreached' })).toBe(true);
    expect(ends({ kind: 'inconclusive' })).toBe(true);
    expect(ends({ kind: 'try_later', afterMs: 1_000 })).toBe(true);
    for (const kind of ['outage', 'halted', 'withheld'] as const) expect([kind, ends({ kind })]).toEqual([kind, false]);
    expect(planRetry({ kind: 'unreached' }, { ...old, tryingForMs: 23 * 3_600_000 }, 0.5)).not.toBeNull();
  });
});
