import { expect, it } from 'vitest';
import { readUntil } from '../../src/cli/until.ts';
import { UsageFault } from '../../src/cli/usage-fault.ts';

const at = { now: new Date('2026-11-24T07:00:00Z'), timeZone: 'Europe/Madrid' };

it.each([
  ['90m', '2026-11-24T08:30:00.000Z'],
  ['2d', '2026-11-26T07:00:00.000Z'],
  ['18:00', '2026-11-24T17:00:00.000Z'],
  ['07:59', '2026-11-25T06:59:00.000Z'],
  ['2026-11-24', '2026-11-24T23:00:00.000Z'],
  ['2026-11-30 09:00', '2026-11-30T08:00:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(readUntil('--until', text, at).toISOString()).toBe(expected);
});

it.each([undefined, '', 'soon', '2026-11-24 07:00', '2026-11-23', '25:00', '2027-06-01'])('%s is none', (text) => {
  expect(() => readUntil('--until', text, at)).toThrow(UsageFault);
});
