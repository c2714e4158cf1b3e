import { describe, expect, it } from 'vitest';
import { callsLeft, callsMade, forecast, ratePerSecond } from '../../src/domain/forecast.ts';

const now = new Date('2026-11-24T03:00:00Z');
const inMinutes = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);
const asked = {
  now,
  deadline: inMinutes(60),
  callsLeft: 36_000,
  others: [],
  ratePerSecond: 10,
  isStopped: false,
} as const;

describe('calls of rows', () => {
  it('are two for a lead that has not begun, one for what is checked or is an update', () => {
    expect(callsLeft({ lead: { received: 10, checked: 3, registered: 5 }, update: { received: 4 } })).toBe(27);
  });

  it('do not count what waits for its time, for another row or for a person', () => {
    expect(callsLeft({ lead: { waiting: 10, in_doubt: 3, failed: 2 }, update: { waiting: 100 } })).toBe(0);
  });

  it('have been made for what has ended by calls, and not for duplicates', () => {
    expect(
      callsMade({ lead: { registered: 5, not_managed: 2, duplicate: 90_000, rejected: 7 }, update: { pushed: 3 } }),
    ).toBe(15);
  });
});

describe('the rate', () => {
  const busy = { callsLeft: 50_000, callsMade: 3_000, workedMs: 10 * 60_000 };

  it('is the limit until something has been shown', () => {
    expect(ratePerSecond(10, [])).toBe(10);
    expect(ratePerSecond(10, [{ ...busy, workedMs: 60_000 }])).toBe(10);
    expect(ratePerSecond(0, [])).toBe(null);
  });

  it('is what the account has shown, where that is less', () => {
    expect(ratePerSecond(10, [busy])).toBe(5);
    expect(ratePerSecond(0, [busy])).toBe(5);
    expect(ratePerSecond(4, [busy])).toBe(4);
    expect(ratePerSecond(100, [busy, { ...busy, workedMs: 6 * 60_000 }])).toBe(10);
  });

  it('is not shown by a file of which a few rows wait for other things', () => {
    expect(ratePerSecond(10, [{ callsLeft: 2, callsMade: 100, workedMs: 8 * 3_600_000 }])).toBe(10);
  });
});

describe('a night', () => {
  it('is done in time to the second, or is not', () => {
    expect(forecast(asked)).toMatchObject({ doneAt: inMinutes(60), isInTime: true });
    expect(forecast({ ...asked, callsLeft: 36_001 })).toMatchObject({ isInTime: false, isOverdue: false });
  });

  it('takes as long as its own calls and, of each other partner, as many as its own at most', () => {
    expect(forecast({ ...asked, callsLeft: 600, others: [6_000_000, 600, 60] }).doneAt).toEqual(inMinutes(3.1));
  });

  it('that is stopped has to go on by a certain moment', () => {
    const stopped = { ...asked, callsLeft: 18_000, isStopped: true };
    expect(forecast(stopped)).toMatchObject({ doneAt: null, goesOnBy: inMinutes(30), isInTime: true });
    expect(forecast({ ...stopped, now: inMinutes(31) })).toMatchObject({ isInTime: false, isOverdue: false });
  });

  it('is late once its hour has come, and nothing is said of one whose rate nobody knows', () => {
    expect(forecast({ ...asked, callsLeft: 1, now: inMinutes(61) })).toMatchObject({
      isInTime: false,
      isOverdue: true,
    });
    expect(forecast({ ...asked, ratePerSecond: null })).toMatchObject({ doneAt: null, isInTime: true });
  });
});
