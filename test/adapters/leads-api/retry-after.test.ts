import { expect, test } from 'vitest';
import { readRetryAfter } from '../../../src/adapters/leads-api/retry-after.ts';

const now = Date.UTC(2026, 10, 23, 10, 0, 0);

test.each([
  ['7', 7_000],
  [' 7 ', 7_000],
  ['1.5', 1_500],
  ['0', 1_000],
  ['86400', 900_000],
  ['Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
  ['Monday, 23-Nov-26 10:00:30 GMT', 30_000],
  ['Mon, 23 Nov 2026 09:00:00 GMT', 1_000],
  ['Tue, 24 Nov 2026 10:00:00 GMT', 900_000],
  ['soon', null],
  ['-5', null],
  ['', null],
  [null, null],
])('reads %j as %j ms', (value, ms) => {
  expect(readRetryAfter(value, null, now)).toBe(ms);
});

test("measures a date by the answer's own clock", () => {
  const anHourBehind = 'Mon, 23 Nov 2026 09:00:00 GMT';
  expect(readRetryAfter('Mon, 23 Nov 2026 09:00:20 GMT', anHourBehind, now)).toBe(20_000);
});
