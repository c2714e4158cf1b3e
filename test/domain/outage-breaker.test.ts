import { describe, expect, it } from 'vitest';
import {
  breakerPatience,
  breakerStates,
  isClimbing,
  isProbeOf,
  nextBreaker,
  type Breaker,
  type BreakerChange,
  type BreakerEvent,
} from '../../src/domain/outage-breaker.ts';

const { firstMs, mostMs, climbMs } = breakerPatience;

const closed: Breaker = {
  version: 1,
  state: 'closed',
  forMs: null,
  cause: null,
  probe: { inMs: null, row: null, leftMs: 0, failed: 0 },
};
const open: Breaker = {
  ...closed,
  state: 'open',
  forMs: 60_000,
  cause: 'unreached',
  probe: { ...closed.probe, inMs: 0, failed: 2 },
};
const breakers = {
  'closed, never open': closed,
  'closed, climbing': { ...closed, forMs: climbMs - 1, probe: { ...closed.probe, failed: 3 } },
  'closed, long ago': { ...closed, forMs: climbMs, probe: { ...closed.probe, failed: 3 } },
  'open, pause not over': { ...open, probe: { ...open.probe, inMs: 1 } },
  'open, pause over': open,
  'open by a person': { ...open, cause: 'person', probe: { ...closed.probe } },
  'probing by 7': { ...open, state: 'probing', probe: { ...open.probe, row: '7', leftMs: 1 } },
  'probing by 7, whose process died': { ...open, state: 'probing', probe: { ...open.probe, row: '7', leftMs: 0 } },
} as const satisfies Record<string, Breaker>;

const events = {
  streak: { kind: 'streak', cause: 'no_answer', afterMs: null },
  'streak told to wait': { kind: 'streak', cause: 'busy', afterMs: 60_000 },
  'claimed by 8': { kind: 'claimed', row: '8', forMs: 20_000 },
  'answered, 7': { kind: 'probe_answered', row: '7' },
  'answered, 8': { kind: 'probe_answered', row: '8' },
  'failed, 7': { kind: 'probe_failed', row: '7', afterMs: null },
  'failed, 7, told to wait': { kind: 'probe_failed', row: '7', afterMs: 600_000 },
  'failed, 8': { kind: 'probe_failed', row: '8', afterMs: null },
  'returned, 7': { kind: 'probe_returned', row: '7' },
  'returned, 8': { kind: 'probe_returned', row: '8' },
  'a person opens': { kind: 'person_opens' },
  'a person closes': { kind: 'person_closes' },
} as const satisfies Record<string, BreakerEvent>;

type Told = `${string}` | null;

/** A change in a few words; null where nothing changes. */
function tell(change: BreakerChange | null): Told {
  if (change === null) return null;
  const { state, begins, cause, probe } = change;
  const parts = [
    begins ? 'new' : 'same',
    cause ?? '-',
    `in ${probe.inMs ?? '-'}`,
    `by ${probe.row ?? '-'}`,
    `${probe.failed}`,
  ];
  return `${state}: ${parts.join(' ')}`;
}

type Column = keyof typeof events;
const nothing = Object.fromEntries(Object.keys(events).map((name) => [name, null])) as Record<Column, Told>;
const opensAfresh = (failed: number): Partial<Record<Column, Told>> => {
  const pause = firstMs * 2 ** failed;
  return {
    streak: `open: new no_answer in ${pause} by - ${failed}`,
    'streak told to wait': `open: new busy in ${Math.max(60_000, pause)} by - ${failed}`,
    'a person opens': 'open: new person in - by - 0',
  };
};
const byHand = {
  'a person opens': 'open: new person in - by - 0',
  'a person closes': 'closed: new - in - by - 0',
} as const;
const takenBy8 = { 'claimed by 8': 'probing: same unreached in 0 by 8 2' } as const;

const expected: Record<keyof typeof breakers, Record<Column, Told>> = {
  'closed, never open': { ...nothing, ...opensAfresh(0) },
  'closed, climbing': { ...nothing, ...opensAfresh(3) },
  'closed, long ago': { ...nothing, ...opensAfresh(0) },
  'open, pause not over': { ...nothing, ...byHand },
  'open, pause over': { ...nothing, ...byHand, ...takenBy8 },
  'open by a person': { ...nothing, 'a person closes': byHand['a person closes'] },
  'probing by 7': {
    ...nothing,
    ...byHand,
    'answered, 7': 'closed: new - in - by - 3',
    'failed, 7': `open: same unreached in ${firstMs * 8} by - 3`,
    'failed, 7, told to wait': 'open: same unreached in 600000 by - 3',
    'returned, 7': 'open: same unreached in 0 by - 2',
  },
  'probing by 7, whose process died': { ...nothing, ...byHand, ...takenBy8 },
};

describe('the outage breaker', () => {
  it('has an example of every state', () => {
    expect(new Set(Object.values(breakers).map(({ state }) => state))).toEqual(new Set(breakerStates));
  });

  describe.each(Object.keys(breakers) as (keyof typeof breakers)[])('%s', (name) => {
    it.each(Object.keys(events) as Column[])('and then: %s', (event) => {
      expect(tell(nextBreaker(breakers[name], events[event]))).toBe(expected[name][event]);
    });
  });

  it('lets its pauses grow to a limit and no further', () => {
    const late = { ...breakers['probing by 7'], probe: { inMs: 0, row: '7', leftMs: 1, failed: 500 } };
    expect(nextBreaker(late, events['failed, 7'])?.probe).toEqual({ inMs: mostMs, row: null, leftMs: 0, failed: 501 });
  });

  it('knows its probe only while its process may be alive', () => {
    const of = (row: string) => Object.values(breakers).map((breaker) => isProbeOf(breaker, row));
    expect(of('7').filter(Boolean)).toHaveLength(1);
    expect(of('8').filter(Boolean)).toHaveLength(0);
    expect(isProbeOf(breakers['probing by 7'], '7')).toBe(true);
  });

  it('climbs when it is closed and was open not long ago', () => {
    const climbing = Object.entries(breakers).filter(([, breaker]) => isClimbing(breaker, climbMs));
    expect(climbing.map(([name]) => name)).toEqual(['closed, climbing']);
  });
});
