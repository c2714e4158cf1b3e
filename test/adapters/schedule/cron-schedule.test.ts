import { describe, expect, it } from 'vitest';
import { cronSchedules } from '../../../src/adapters/schedule/cron-schedule.ts';

const timeZone = 'Europe/Madrid';

/** The hours of a schedule between two moments, one after another. */
function hours(cron: string, from: string, until: string): string[] {
  const found: string[] = [];
  for (let at = new Date(from); ;) {
    at = cronSchedules.next({ cron, timeZone }, at);
    if (at > new Date(until)) return found;
    found.push(at.toISOString());
  }
}

function latest(cron: string, after: string, until: string) {
  const found = cronSchedules.latest({ cron, timeZone }, { after: new Date(after), until: new Date(until) });
  return found === null ? null : { at: found.at.toISOString(), passed: found.passed };
}

describe('the next hour', () => {
  it("is the partner's own, summer and winter", () => {
    expect(hours('0 2 * * *', '2026-07-01T12:00:00Z', '2026-07-02T12:00:00Z')).toEqual(['2026-07-02T00:00:00.000Z']);
    expect(hours('0 2 * * *', '2026-12-01T12:00:00Z', '2026-12-02T12:00:00Z')).toEqual(['2026-12-02T01:00:00.000Z']);
  });

  it('may be named to the second', () => {
    const schedule = { cron: '*/5 * * * * *', timeZone: 'UTC' };
    expect(cronSchedules.next(schedule, new Date('2026-07-01T12:00:01Z'))).toEqual(new Date('2026-07-01T12:00:05Z'));
  });
});

describe('the night of 2026-03-29, in which the hour from 2 to 3 is skipped', () => {
  const night = ['2026-03-28T22:00:00Z', '2026-03-29T10:00:00Z'] as const;

  it.each([
    ['0 2 * * *', ['2026-03-29T01:00:00.000Z']],
    ['30 2 * * *', ['2026-03-29T01:30:00.000Z']],
    ['30 1 * * *', ['2026-03-29T00:30:00.000Z']],
    ['0 3 * * *', ['2026-03-29T01:00:00.000Z']],
    // 02:30 is moved to 03:30, where there is one already.
    ['30 2,3 * * *', ['2026-03-29T01:30:00.000Z']],
    [
      '0 0-4 * * *',
      ['2026-03-28T23:00:00.000Z', '2026-03-29T00:00:00.000Z', '2026-03-29T01:00:00.000Z', '2026-03-29T02:00:00.000Z'],
    ],
  ])('%s fires as it should, once, an hour later where it is skipped', (cron, expected) => {
    expect(hours(cron, ...night)).toEqual(expected);
  });

  it('goes on the next day at its own hour', () => {
    expect(cronSchedules.next({ cron: '0 2 * * *', timeZone }, new Date('2026-03-29T01:00:00Z'))).toEqual(
      new Date('2026-03-30T00:00:00Z'),
    );
  });
});

describe('the night of 2026-10-25, in which the hour from 2 to 3 comes twice', () => {
  const night = ['2026-10-24T21:00:00Z', '2026-10-25T10:00:00Z'] as const;

  it.each([
    ['0 2 * * *', ['2026-10-25T00:00:00.000Z']],
    ['30 2 * * *', ['2026-10-25T00:30:00.000Z']],
    ['30 1 * * *', ['2026-10-24T23:30:00.000Z']],
    ['0 3 * * *', ['2026-10-25T02:00:00.000Z']],
    ['30 2,3 * * *', ['2026-10-25T00:30:00.000Z', '2026-10-25T02:30:00.000Z']],
  ])('%s fires once, the first time', (cron, expected) => {
    expect(hours(cron, ...night)).toEqual(expected);
  });

  it('fires every hour where every hour is meant', () => {
    const expected = ['00', '01', '02'].map((hour) => `2026-10-25T${hour}:00:00.000Z`);
    expect(hours('0 * * * *', '2026-10-24T23:30:00Z', '2026-10-25T02:30:00Z')).toEqual(expected);
  });
});

describe('the latest hour', () => {
  it('is none before the first one has come, and the first one at its very moment', () => {
    expect(latest('0 2 * * *', '2026-11-23T12:00:00Z', '2026-11-24T00:59:59Z')).toBe(null);
    expect(latest('0 2 * * *', '2026-11-23T12:00:00Z', '2026-11-24T01:00:00Z')).toEqual({
      at: '2026-11-24T01:00:00.000Z',
      passed: 0,
    });
    expect(latest('0 2 * * *', '2026-11-24T01:00:00Z', '2026-11-24T12:00:00Z')).toBe(null);
  });

  it('stands for all that were missed', () => {
    expect(latest('0 2 * * *', '2026-11-20T12:00:00Z', '2026-11-24T07:00:00Z')).toEqual({
      at: '2026-11-24T01:00:00.000Z',
      passed: 3,
    });
    expect(latest('0 2 1 * *', '2026-08-15T12:00:00Z', '2026-11-24T07:00:00Z')).toEqual({
      at: '2026-11-01T01:00:00.000Z',
      passed: 2,
    });
    expect(latest('*/5 * * * * *', '2026-11-20T12:00:00Z', '2026-11-24T07:00:02Z')).toEqual({
      at: '2026-11-24T07:00:00.000Z',
      passed: 1_000,
    });
  });

  it('is neither left out nor there twice where the clocks change', () => {
    expect(latest('30 2 * * *', '2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toEqual({
      at: '2026-03-29T01:30:00.000Z',
      passed: 0,
    });
    expect(latest('30 2 * * *', '2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toEqual({
      at: '2026-10-25T00:30:00.000Z',
      passed: 0,
    });
    expect(latest('30 2 * * *', '2026-10-25T00:30:00Z', '2026-10-25T12:00:00Z')).toBe(null);
  });
});
