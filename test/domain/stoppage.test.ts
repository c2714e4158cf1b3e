import { describe, expect, it } from 'vitest';
import { type StopEvent, stoppagesOf, stoppagesWithin, stoppedMs } from '../../src/domain/stoppage.ts';

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 24, hour));

function event(hour: number, begins: boolean, changes: Partial<StopEvent> = {}): StopEvent {
  const what = { kind: 'outage', of: null, cause: 'no_answer', actor: 'worker-1', reason: null } as const;
  return { ...what, ...changes, at: at(hour), begins };
}

describe('stoppagesOf', () => {
  it('pairs each beginning with its own end, and lets the last go on', () => {
    const acme = { kind: 'pause', of: 'acme' } as const;
    const found = stoppagesOf([
      event(1, true),
      event(2, true, acme),
      event(3, false),
      event(4, true),
      event(5, false, acme),
    ]);
    expect(found.map(({ kind, of, since, until }) => [kind, of, since, until])).toEqual([
      ['outage', null, at(1), at(3)],
      ['pause', 'acme', at(2), at(5)],
      ['outage', null, at(4), null],
    ]);
  });

  it('passes over an end whose beginning nobody asked about, and a second beginning', () => {
    expect(stoppagesOf([event(1, false)])).toEqual([]);
    expect(stoppagesOf([event(1, true), event(2, true), event(3, false)])).toMatchObject([
      { since: at(1), until: at(3) },
    ]);
  });
});

it('shows what reaches into a span of time', () => {
  const all = stoppagesOf([event(1, true), event(3, false), event(8, true)]);
  const within = (from: number, to: number) =>
    stoppagesWithin(all, { from: at(from), to: at(to) }).map(({ since }) => since.getUTCHours());
  expect(within(2, 5)).toEqual([1]);
  expect(within(3, 8)).toEqual([]);
  expect(within(0, 9)).toEqual([1, 8]);
  expect(within(20, 21)).toEqual([8]);
});

it('counts stopped time once, however much of it overlaps', () => {
  const pause = { kind: 'pause' } as const;
  const all = stoppagesOf([
    event(1, true),
    event(2, true, pause),
    event(3, false),
    event(5, false, pause),
    event(8, true),
  ]);
  const hours = (from: number, to: number) => stoppedMs(all, { from: at(from), to: at(to) }) / 3_600_000;
  expect(hours(0, 10)).toBe(6);
  expect(hours(2, 4)).toBe(2);
  expect(hours(6, 7)).toBe(0);
});
