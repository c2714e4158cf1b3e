import { expect, it } from 'vitest';
import { nightOf, nightUpTo, spanOfNight } from '../../src/domain/night.ts';

const timeZone = 'Europe/Madrid';
const of = (moment: string, zone = timeZone): string => nightOf(new Date(moment), zone);

it('is one business date from noon to noon, named by its morning', () => {
  expect(of('2026-11-23T10:59:59Z')).toBe('2026-11-23');
  expect(of('2026-11-23T11:00:00Z')).toBe('2026-11-24');
  expect(of('2026-11-23T21:00:00Z')).toBe('2026-11-24');
  expect(of('2026-11-24T01:00:00Z')).toBe('2026-11-24');
  expect(of('2026-11-24T10:59:59Z')).toBe('2026-11-24');
});

it('is of the time zone whose clock is meant', () => {
  expect(of('2026-11-24T11:30:00Z', 'Atlantic/Canary')).toBe('2026-11-24');
  expect(of('2026-11-24T11:30:00Z')).toBe('2026-11-25');
});

it('lasts an hour less or more where the clocks change', () => {
  const hours = (night: string): number => {
    const { from, to } = spanOfNight(night, timeZone);
    return (to.getTime() - from.getTime()) / 3_600_000;
  };
  expect(['2026-03-29', '2026-03-30', '2026-10-25', '2026-10-26'].map(hours)).toEqual([23, 24, 25, 24]);
});

it('counts an hour at noon to the night that ends there', () => {
  expect(nightUpTo(new Date('2026-11-24T11:00:00Z'), timeZone)).toBe('2026-11-24');
  expect(nightUpTo(new Date('2026-11-24T11:00:00.001Z'), timeZone)).toBe('2026-11-25');
});
