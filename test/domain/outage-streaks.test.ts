import { describe, expect, it } from 'vitest';
import type { CallOutcome, Endpoint } from '../../src/domain/call-outcome.ts';
import { countEnd, noStreaks, signOf, type EndedCall, type OutageCause } from '../../src/domain/outage-streaks.ts';

type Ended = Pick<EndedCall, 'outcome' | 'httpStatus'>;

const outcomes = {
  answered: { kind: 'answered', answer: {} },
  refused: { kind: 'refused', code: 'API_REFUSED', message: null },
  ko: { kind: 'inconclusive', code: 'API_KO', message: null },
  incomplete: { kind: 'inconclusive', code: 'API_ANSWER_INCOMPLETE', message: null },
  notSent: { kind: 'not_sent', code: 'API_NOT_SENT', withheld: false },
  withheld: { kind: 'not_sent', code: 'API_NOT_SENT', withheld: true },
  later: { kind: 'try_later', code: 'API_TRY_LATER', afterMs: null },
  halted: { kind: 'halted', code: 'API_HALTED_CREDENTIALS' },
  noAnswer: { kind: 'ambiguous', code: 'API_NO_ANSWER' },
  unavailable: { kind: 'ambiguous', code: 'API_UNAVAILABLE' },
  conflict: { kind: 'ambiguous', code: 'API_CONFLICT' },
  mismatch: { kind: 'ambiguous', code: 'API_ANSWER_MISMATCH' },
  sandbox: { kind: 'ambiguous', code: 'API_IS_SANDBOX' },
} as const satisfies Record<string, CallOutcome<unknown>>;

const well: Ended = { outcome: outcomes.answered, httpStatus: 200 };

/** Feeds ends one after the other; answers which of them completed an outage, as `3: ko`. */
function outages(ends: readonly (Ended & { endpoint?: Endpoint; subject?: string })[]): string[] {
  let streaks = noStreaks;
  return ends.flatMap(({ endpoint = 'clientData', subject = 'one', ...end }, index) => {
    const counted = countEnd(streaks, { endpoint, subject, ...end });
    streaks = counted.streaks;
    return counted.outage === null ? [] : [`${index + 1}: ${counted.outage}`];
  });
}

const times = <T>(n: number, make: (index: number) => T): T[] => Array.from({ length: n }, (_, index) => make(index));

describe('the sign of a call', () => {
  it.each<[string, Ended, OutageCause | 'well' | 'neither']>([
    ['an answer', well, 'well'],
    ['a refusal', { outcome: outcomes.refused, httpStatus: 422 }, 'well'],
    ['KO', { outcome: outcomes.ko, httpStatus: 200 }, 'ko'],
    ['an incomplete answer', { outcome: outcomes.incomplete, httpStatus: 200 }, 'ko'],
    ['not sent', { outcome: outcomes.notSent, httpStatus: null }, 'unreached'],
    ['too old to be sent', { outcome: outcomes.withheld, httpStatus: null }, 'withheld'],
    ['a create without an answer', { outcome: outcomes.noAnswer, httpStatus: null }, 'no_answer'],
    ['500 without a body of the API', { outcome: outcomes.unavailable, httpStatus: 500 }, 'no_answer'],
    ['429', { outcome: outcomes.later, httpStatus: 429 }, 'busy'],
    ['425', { outcome: outcomes.later, httpStatus: 425 }, 'busy'],
    ['503 with Retry-After', { outcome: outcomes.later, httpStatus: 503 }, 'busy'],
    ['a gateway out of quota, as 500', { outcome: outcomes.later, httpStatus: 500 }, 'busy'],
    ['a message that means: again later', { outcome: outcomes.later, httpStatus: 200 }, 'neither'],
    ['a halt', { outcome: outcomes.halted, httpStatus: 401 }, 'neither'],
    ['a conflict', { outcome: outcomes.conflict, httpStatus: 409 }, 'neither'],
    ["another lead's answer", { outcome: outcomes.mismatch, httpStatus: 200 }, 'neither'],
    ["a sandbox's mark", { outcome: outcomes.sandbox, httpStatus: 200 }, 'neither'],
  ])('%s', (_name, end, sign) => {
    expect(signOf(end)).toBe(sign);
  });
});

describe('an outage', () => {
  const lost: Ended = { outcome: outcomes.unavailable, httpStatus: null };
  const refusedConnection: Ended = { outcome: outcomes.notSent, httpStatus: null };

  it('is ten calls of an endpoint in a row without an answer, of whatever kind', () => {
    expect(outages(times(10, (n) => (n % 2 === 0 ? lost : refusedConnection)))).toEqual(['10: unreached']);
    expect(outages(times(9, () => lost))).toEqual([]);
  });

  it('is none when one of ten is answered', () => {
    expect(outages([...times(9, () => lost), well, ...times(9, () => lost)])).toEqual([]);
  });

  it('of creates is seen though the client checks between them go well', () => {
    const create = { ...lost, endpoint: 'altaLead' } as const;
    expect(outages(times(10, () => [well, create] as const).flat())).toEqual(['20: no_answer']);
  });

  it('is ten people about whom the check is inconclusive in a row, and not one person ten times', () => {
    const ko = (n: number) => ({ outcome: outcomes.ko, httpStatus: 200, subject: `person ${n}` });
    expect(outages(times(10, ko))).toEqual(['10: ko']);
    expect(outages(times(30, (n) => ko(n % 9)))).toEqual([]);
    expect(outages([...times(9, ko), well, ...times(9, ko)])).toEqual([]);
  });

  it('by KO is seen though creates between go well, and though calls are lost between', () => {
    const ko = (n: number) => ({ outcome: outcomes.ko, httpStatus: 200, subject: `person ${n}` });
    const between = [{ ...well, endpoint: 'altaLead' } as const, lost];
    expect(outages(times(10, (n) => [...between, ko(n)]).flat())).toContain('30: ko');
  });

  it('is twenty requests in a row that were too old to be sent', () => {
    const old = { outcome: outcomes.withheld, httpStatus: null };
    expect(outages(times(20, () => old))).toEqual(['20: withheld']);
    expect(outages([...times(19, () => old), well, ...times(19, () => old)])).toEqual([]);
  });

  it('is neither made nor ended by what says nothing of the API', () => {
    const halted: Ended = { outcome: outcomes.halted, httpStatus: 401 };
    expect(outages(times(50, () => halted))).toEqual([]);
    expect(outages([...times(9, () => lost), halted, lost])).toEqual(['11: no_answer']);
  });
});
