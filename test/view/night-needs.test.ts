import { describe, expect, it } from 'vitest';
import type { NightForecast } from '../../src/app/forecast-nights.ts';
import type { PartnerDue } from '../../src/app/read-expected.ts';
import { acknowledge, isUrgent, needsPerson, type PresentState } from '../../src/view/needs-person.ts';

const calm: PresentState = { counts: [], halts: [], files: [] };

function due(changes: Partial<PartnerDue>): PartnerDue {
  return {
    partner: 'brisa',
    night: '2026-11-24',
    date: '2026-11-24',
    expectation: { kind: 'leads', files: 1, by: '06:00', from: '12:00', days: ['tue'] },
    by: new Date('2026-11-24T05:00:00Z'),
    from: new Date('2026-11-23T11:00:00Z'),
    to: new Date('2026-11-24T11:00:00Z'),
    state: 'missing',
    arrivals: [],
    refused: [],
    ...changes,
  };
}

const arrival = (fileId: string) => ({
  fileId,
  partner: 'brisa',
  kind: 'leads' as const,
  arrivedAt: new Date('2026-11-24T01:00:00Z'),
  isRefused: false,
});

const inTime: NightForecast = {
  partner: 'acme',
  night: '2026-11-24',
  timeZone: 'Europe/Madrid',
  deadline: new Date('2026-11-24T06:00:00Z'),
  callsLeft: 41_000,
  ratePerSecond: 10,
  doneAt: new Date('2026-11-24T05:00:00Z'),
  goesOnBy: null,
  isInTime: true,
  isOverdue: false,
};

describe('a file that was expected', () => {
  it('is red while it is missing, with the way in for one that comes otherwise', () => {
    const [need] = needsPerson({ ...calm, dues: [due({})] });
    expect(need).toMatchObject({
      alarm: 'missing:brisa:leads:2026-11-24T06:00',
      what: 'no leads file of brisa came by 06:00 on 2026-11-24',
      command: 'leadsync import FILE --partner brisa --kind leads',
      isUrgent: true,
    });
  });

  it('may have been turned away, or lie there half', () => {
    const inbox = { partner: 'brisa', arriving: 1, arrivingSince: null, passedOver: 0, stuck: 0, trouble: null };
    const [need] = needsPerson({ ...calm, inboxes: [inbox], dues: [due({ refused: [arrival('7')] })] });
    expect(need?.then).toContain('File 7 was turned away. Something lies in its inbox and is not whole.');
  });

  it('is red when there are too many, and worth knowing when it came late', () => {
    const many = needsPerson({ ...calm, dues: [due({ state: 'too_many', arrivals: [arrival('1'), arrival('2')] })] });
    expect(many).toMatchObject([{ alarm: 'too-many:brisa:leads:2026-11-24T06:00', level: 2, isUrgent: true }]);
    const late = needsPerson({ ...calm, dues: [due({ state: 'late', arrivals: [arrival('1')] })] });
    expect(late).toMatchObject([{ command: 'leadsync report --night 2026-11-24', isUrgent: false }]);
  });

  it('is no matter when it is there, or there is time', () => {
    expect(needsPerson({ ...calm, dues: [due({ state: 'met' }), due({ state: 'expected' })] })).toEqual([]);
  });
});

describe('results that people wait for', () => {
  const say = (changes: Partial<NightForecast>) =>
    needsPerson({ ...calm, forecasts: [{ ...inTime, ...changes }] }).map(({ what }) => what);

  it('are no matter while they will be there in time', () => {
    expect(say({})).toEqual([]);
  });

  it('are red before their hour, when they will be late', () => {
    expect(say({ isInTime: false, doneAt: new Date('2026-11-24T07:40:00Z') })).toEqual([
      'results of acme, night of 2026-11-24, are due at 07:00 and will be there about 08:40',
    ]);
  });

  it('are red when what is stopped can not make it any more, and when their hour is over', () => {
    const goesOnBy = new Date('2026-11-24T04:12:00Z');
    expect(say({ isInTime: false, doneAt: null, goesOnBy })).toEqual([
      'results of acme, night of 2026-11-24, are due at 07:00; calls are stopped, and had to go on by 05:12',
    ]);
    expect(say({ isInTime: false, isOverdue: true, doneAt: null })).toEqual([
      'results of acme, night of 2026-11-24, were due at 07:00',
    ]);
  });
});

describe('every need', () => {
  it('has a name of its own, by which it can be acknowledged', () => {
    const inbox = { partner: 'acme', arrivingSince: null, passedOver: 0 };
    const needs = needsPerson({
      counts: [
        { kind: 'lead', partner: 'acme', state: 'in_doubt', n: 2 },
        { kind: 'update', partner: 'acme', state: 'failed', n: 1 },
        { kind: 'lead', partner: 'acme', state: 'rejected', n: 1 },
      ],
      halts: [{ endpoint: 'altaLead', code: 'API_HALTED_CREDENTIALS', since: new Date(0) }],
      pauses: [{ partner: null, since: new Date(0), actor: 'cli:ana', reason: 'x' }],
      gaps: [{ host: 'host-1' }],
      breaker: { state: 'open', forMs: 0, cause: 'no_answer', since: new Date(0) },
      inboxes: [
        { ...inbox, arriving: 0, stuck: 1, trouble: 'EACCES' },
        { ...inbox, arriving: 2, stuck: 0, trouble: null },
      ],
      replays: [{ id: '3', rows: 9, left: 4 }],
      dues: [due({})],
      forecasts: [{ ...inTime, isInTime: false }],
      files: [{ id: '4', partner: 'acme', kind: 'leads', state: 'held', code: 'FILE_HELD' }],
    });
    expect(needs.map(({ alarm }) => alarm)).toEqual([
      'breaker',
      'ledger-behind:host-1',
      'halt:altaLead',
      'pause:all',
      'inbox:acme',
      'missing:brisa:leads:2026-11-24T06:00',
      'results-late:acme:2026-11-24',
      'in-doubt:acme:lead',
      'failed:acme:update',
      'file:4',
      'rejected:acme:lead',
      'arriving:acme',
      'replay:3',
    ]);
  });

  it('is no longer red once it is known, until there is more of it', () => {
    const doubts = (n: number) =>
      needsPerson({ ...calm, counts: [{ kind: 'lead', partner: 'acme', state: 'in_doubt', n }] });
    const at = new Date('2026-11-24T08:00:00Z');
    const until = new Date('2026-11-24T18:00:00Z');
    const known = [{ alarm: 'in-doubt:acme:lead', level: 2, at, until, actor: 'cli:ana', reason: 'asked' }];
    expect(isUrgent(acknowledge(doubts(2), known, at))).toBe(false);
    expect(isUrgent(acknowledge(doubts(3), known, at))).toBe(true);
  });
});
