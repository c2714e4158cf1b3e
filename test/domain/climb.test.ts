import { expect, it } from 'vitest';
import { climbingRate } from '../../src/domain/climb.ts';

const climbMs = 300_000;

it('is the configured rate for whoever was never out, and once the climb is over', () => {
  for (const configured of [0, 0.5, 10, 200]) {
    expect(climbingRate(configured, null, climbMs)).toBe(configured);
    expect(climbingRate(configured, climbMs, climbMs)).toBe(configured);
  }
});

it('begins with one a second and climbs to the configured rate', () => {
  expect(climbingRate(10, 0, climbMs)).toBe(1);
  expect(climbingRate(10, climbMs / 2, climbMs)).toBeCloseTo(Math.sqrt(10));
  expect(climbingRate(10, climbMs - 1, climbMs)).toBeCloseTo(10, 3);
  expect(climbingRate(0.5, 0, climbMs)).toBe(0.5);
});

it('climbs where there is no limit, too, until it does not matter', () => {
  expect(climbingRate(0, 0, climbMs)).toBe(1);
  expect(climbingRate(0, climbMs - 1, climbMs)).toBeGreaterThan(990);
});

it('never falls, and is never "no limit" before its end', () => {
  for (const configured of [0, 1, 10, 500]) {
    const rates = Array.from({ length: 300 }, (_, second) => climbingRate(configured, second * 1_000, climbMs));
    expect(rates).toEqual(rates.toSorted((one, other) => one - other));
    expect(Math.min(...rates)).toBe(1);
  }
});
