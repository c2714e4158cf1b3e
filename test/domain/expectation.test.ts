import { describe, expect, it } from 'vitest';
import {
  type Arrival,
  type Calendar,
  dueOn,
  duesWithin,
  type Expectation,
  judgeDue,
  keyOf,
  latestDue,
  usualFrom,
} from '../../src/domain/expectation.ts';
import { noHolidays } from '../../src/domain/holidays.ts';
import { weekdays } from '../../src/domain/local-time.ts';
import { spanOfNight } from '../../src/domain/night.ts';

const madrid: Calendar = { timeZone: 'Europe/Madrid', holidays: noHolidays };
const workdays = weekdays.slice(0, 5);
const morning: Expectation = { kind: 'leads', files: 1, by: '06:00', from: '12:00', days: workdays };

function arrival(arrivedAt: string, changes: Partial<Arrival> = {}): Arrival {
  return { fileId: '1', partner: 'acme', kind: 'leads', arrivedAt: new Date(arrivedAt), isRefused: false, ...changes };
}

/** Tuesday 2026-11-24: from Monday noon to Tuesday noon, by 06:00, which is 05:00Z. */
function judge(arrivals: readonly Arrival[], now: string, expectation = morning) {
  const due = dueOn(expectation, '2026-11-24', madrid);
  if (due === null) throw new Error('nothing is expected');
  return judgeDue(due, 'acme', arrivals, new Date(now)).state;
}

describe('what is expected on a day', () => {
  it('counts from noon of the day before, or from midnight where it is due in the afternoon', () => {
    expect(dueOn({ ...morning, from: usualFrom('06:00') }, '2026-11-24', madrid)).toMatchObject({
      from: new Date('2026-11-23T11:00:00Z'),
      by: new Date('2026-11-24T05:00:00Z'),
      to: new Date('2026-11-24T11:00:00Z'),
    });
    expect(dueOn({ ...morning, by: '20:00', from: usualFrom('20:00') }, '2026-11-24', madrid)).toMatchObject({
      from: new Date('2026-11-23T23:00:00Z'),
      by: new Date('2026-11-24T19:00:00Z'),
      to: new Date('2026-11-24T23:00:00Z'),
    });
    expect(dueOn({ ...morning, from: '09:00' }, '2026-11-24', madrid)?.from).toEqual(new Date('2026-11-23T08:00:00Z'));
  });

  it('is nothing on other days and on holidays', () => {
    expect(dueOn(morning, '2026-11-28', madrid)).toBe(null);
    const calendar = { ...madrid, holidays: { spain: true, dates: ['2026-11-24'] } };
    expect(dueOn(morning, '2026-11-24', calendar)).toBe(null);
    expect(dueOn(morning, '2026-12-08', calendar)).toBe(null);
    expect(dueOn(morning, '2026-11-25', calendar)).not.toBe(null);
  });

  it.each([
    ['2026-03-29', '02:30', '2026-03-28T11:00:00.000Z', '2026-03-29T01:30:00.000Z', '2026-03-29T10:00:00.000Z'],
    ['2026-10-25', '02:30', '2026-10-24T10:00:00.000Z', '2026-10-25T00:30:00.000Z', '2026-10-25T11:00:00.000Z'],
    ['2026-03-29', '06:00', '2026-03-28T11:00:00.000Z', '2026-03-29T04:00:00.000Z', '2026-03-29T10:00:00.000Z'],
    ['2026-10-25', '06:00', '2026-10-24T10:00:00.000Z', '2026-10-25T05:00:00.000Z', '2026-10-25T11:00:00.000Z'],
  ])('on %s by %s, where the clocks change, has no gap and no overlap', (date, by, from, until, to) => {
    const daily = { ...morning, by, days: weekdays };
    const due = dueOn(daily, date, madrid);
    expect([due?.from, due?.by, due?.to].map((moment) => moment?.toISOString())).toEqual([from, until, to]);
    const [before, after] = [-1, 1].map((days) =>
      dueOn(daily, new Date(Date.parse(`${date}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10), madrid),
    );
    expect([before?.to, after?.from]).toEqual([due?.from, due?.to]);
  });
});

describe('a file that is expected', () => {
  it('has time until its hour, and is missing from then on', () => {
    expect(judge([], '2026-11-24T05:00:00Z')).toBe('expected');
    expect(judge([], '2026-11-24T05:00:01Z')).toBe('missing');
  });

  it('is there in time up to the very moment, and late after it', () => {
    expect(judge([arrival('2026-11-23T11:00:00Z')], '2026-11-24T05:00:01Z')).toBe('met');
    expect(judge([arrival('2026-11-24T05:00:00Z')], '2026-11-24T05:00:01Z')).toBe('met');
    expect(judge([arrival('2026-11-24T05:00:01Z')], '2026-11-24T06:00:00Z')).toBe('late');
  });

  it('is not one of another day, partner or kind, nor one that was turned away', () => {
    const others = [
      arrival('2026-11-23T10:59:59Z'),
      arrival('2026-11-24T11:00:00Z'),
      arrival('2026-11-24T01:00:00Z', { partner: 'norte' }),
      arrival('2026-11-24T01:00:00Z', { kind: 'updates' }),
      arrival('2026-11-24T01:00:00Z', { isRefused: true }),
    ];
    expect(judge(others, '2026-11-24T12:00:00Z')).toBe('missing');
  });

  it('counts up to as many as are expected, and more are too many, before the hour as well', () => {
    const two = { ...morning, files: 2 };
    const first = arrival('2026-11-23T20:00:00Z');
    const second = arrival('2026-11-24T03:00:00Z');
    expect(judge([first], '2026-11-24T06:00:00Z', two)).toBe('missing');
    expect(judge([second, first], '2026-11-24T06:00:00Z', two)).toBe('met');
    expect(judge([first, second], '2026-11-24T04:00:00Z')).toBe('too_many');
    expect(judge([first, second, arrival('2026-11-24T07:00:00Z')], '2026-11-24T08:00:00Z', two)).toBe('too_many');
  });
});

describe('the latest day', () => {
  const on = (now: string, calendar = madrid) => latestDue(morning, calendar, new Date(now))?.date;

  it('is today from the hour on, and stands over days on which nothing is expected', () => {
    expect(on('2026-11-24T04:59:59Z')).toBe('2026-11-23');
    expect(on('2026-11-24T05:00:00Z')).toBe('2026-11-24');
    expect(on('2026-11-29T20:00:00Z')).toBe('2026-11-27');
    expect(on('2026-12-08T20:00:00Z', { ...madrid, holidays: { spain: true, dates: ['2026-12-07'] } })).toBe(
      '2026-12-04',
    );
  });
});

it('lists the hours of a night, the one at its noon among them', () => {
  const night = spanOfNight('2026-11-24', madrid.timeZone);
  const dates = (by: string) =>
    duesWithin({ ...morning, by, from: usualFrom(by), days: weekdays }, madrid, night).map((due) => due.date);
  expect(dates('06:00')).toEqual(['2026-11-24']);
  expect(dates('12:00')).toEqual(['2026-11-24']);
  expect(dates('20:00')).toEqual(['2026-11-23']);
});

it('keeps expectations that differ in anything apart', () => {
  const all = [morning, { ...morning, files: 2 }, { ...morning, by: '07:00' }, { ...morning, days: weekdays }];
  expect(new Set(all.map(keyOf)).size).toBe(4);
});
