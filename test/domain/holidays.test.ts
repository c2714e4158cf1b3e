import { expect, it } from 'vitest';
import { isHoliday, noHolidays } from '../../src/domain/holidays.ts';

const spain = { spain: true, dates: [] };

it('knows the national holidays of Spain', () => {
  for (const date of ['2026-01-01', '2026-01-06', '2026-05-01', '2026-08-15', '2026-10-12', '2026-11-01'])
    expect(isHoliday(date, spain), date).toBe(true);
  for (const date of ['2026-12-06', '2026-12-08', '2026-12-25']) expect(isHoliday(date, spain), date).toBe(true);
  for (const date of ['2026-01-02', '2026-11-09', '2026-12-24']) expect(isHoliday(date, spain), date).toBe(false);
});

// By the calendars that were published.
it.each([
  ['2024-03-29'],
  ['2025-04-18'],
  ['2026-04-03'],
  ['2027-03-26'],
  ['2028-04-14'],
  ['2029-03-30'],
  ['2030-04-19'],
  ['2038-04-23'],
  ['2076-04-17'],
])('knows that %s is Good Friday', (date) => {
  expect(isHoliday(date, spain)).toBe(true);
  const days = Array.from({ length: 60 }, (_, at) => new Date(Date.UTC(Number(date.slice(0, 4)), 2, 1 + at)));
  const found = days.map((day) => day.toISOString().slice(0, 10)).filter((day) => isHoliday(day, spain));
  expect(found).toEqual([date]);
});

it('takes dates of one year and of every year, and nothing else', () => {
  const own = { spain: false, dates: ['2026-11-09', '12-24'] };
  expect(isHoliday('2026-11-09', own)).toBe(true);
  expect(isHoliday('2027-11-09', own)).toBe(false);
  expect(isHoliday('2027-12-24', own)).toBe(true);
  expect(isHoliday('2026-12-25', own)).toBe(false);
  expect(isHoliday('2026-12-25', noHolidays)).toBe(false);
});
