import { describe, expect, it } from 'vitest';
import { addDays, isDate, localTimeAt, momentOf, weekdayOf } from '../../src/domain/local-time.ts';

const timeZone = 'Europe/Madrid';
const at = (date: string, time: string, zone = timeZone): string => momentOf({ date, time }, zone).toISOString();

describe('momentOf', () => {
  it("is the zone's own hour, summer and winter, here and elsewhere", () => {
    expect(at('2026-07-01', '06:00')).toBe('2026-07-01T04:00:00.000Z');
    expect(at('2026-12-01', '06:00')).toBe('2026-12-01T05:00:00.000Z');
    expect(at('2026-12-01', '06:00', 'Atlantic/Canary')).toBe('2026-12-01T06:00:00.000Z');
    expect(at('2026-12-01', '06:00', 'America/New_York')).toBe('2026-12-01T11:00:00.000Z');
  });

  it('takes an hour that is skipped as if the clocks had not changed yet', () => {
    expect(at('2026-03-29', '01:59')).toBe('2026-03-29T00:59:00.000Z');
    expect(at('2026-03-29', '02:00')).toBe('2026-03-29T01:00:00.000Z');
    expect(at('2026-03-29', '02:30')).toBe('2026-03-29T01:30:00.000Z');
    expect(localTimeAt(new Date('2026-03-29T01:30:00Z'), timeZone)).toEqual({ date: '2026-03-29', time: '03:30' });
    expect(at('2026-03-29', '03:00')).toBe('2026-03-29T01:00:00.000Z');
  });

  it('takes the first of an hour that comes twice', () => {
    expect(at('2026-10-25', '01:59')).toBe('2026-10-24T23:59:00.000Z');
    expect(at('2026-10-25', '02:30')).toBe('2026-10-25T00:30:00.000Z');
    expect(at('2026-10-25', '03:00')).toBe('2026-10-25T02:00:00.000Z');
    expect(at('2026-11-01', '01:30', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z');
  });

  it('is what the clock shows then, at every half hour of a year that is shown at all', () => {
    const wrong: string[] = [];
    for (let moment = Date.UTC(2026, 0, 1); moment < Date.UTC(2027, 0, 1); moment += 30 * 60_000) {
      const shown = localTimeAt(new Date(moment), timeZone);
      const back = momentOf(shown, timeZone).getTime();
      if (back !== moment && back !== moment - 3_600_000) wrong.push(new Date(moment).toISOString());
    }
    expect(wrong).toEqual([]);
  });
});

it('counts days across months, years and changes of the clocks', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
  expect(addDays('2026-10-25', 1)).toBe('2026-10-26');
});

it('knows the days of the week', () => {
  expect(['2026-11-23', '2026-11-28', '2026-11-29'].map(weekdayOf)).toEqual(['mon', 'sat', 'sun']);
});

it.each([
  ['2026-02-28', true],
  ['2028-02-29', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['2026-1-1', false],
  ['tomorrow', false],
])('%s is a date: %s', (text, expected) => {
  expect(isDate(text)).toBe(expected);
});
