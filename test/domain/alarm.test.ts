import { expect, it } from 'vitest';
import { acknowledgementOf, type Acknowledgement, type Alarm } from '../../src/domain/alarm.ts';

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 24, hour));
const doubt: Alarm = { alarm: 'in-doubt:acme:lead', level: 3, since: null };
const given: Acknowledgement = {
  alarm: doubt.alarm,
  level: 3,
  at: at(8),
  until: at(18),
  actor: 'cli:ana',
  reason: 'asked',
};

it('covers what was there, and less of it', () => {
  expect(acknowledgementOf(doubt, [given], at(9))).toBe(given);
  expect(acknowledgementOf({ ...doubt, level: 1 }, [given], at(9))).toBe(given);
});

it('does not cover more of it, another alarm, or the time after its end', () => {
  expect(acknowledgementOf({ ...doubt, level: 4 }, [given], at(9))).toBe(null);
  expect(acknowledgementOf({ ...doubt, alarm: 'in-doubt:norte:lead' }, [given], at(9))).toBe(null);
  expect(acknowledgementOf(doubt, [given], at(18))).toBe(null);
});

it('does not cover what ended and began again', () => {
  const outage = { alarm: 'breaker', level: 1, since: at(7) };
  const known = { ...given, alarm: 'breaker' };
  expect(acknowledgementOf(outage, [known], at(9))).toBe(known);
  expect(acknowledgementOf({ ...outage, since: at(10) }, [known], at(11))).toBe(null);
});
