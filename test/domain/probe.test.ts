import { expect, it } from 'vitest';
import { isProbeDue, probePauseMs } from '../../src/domain/probe.ts';

it('is due when its pause is over, or when the process of the one under way has died', () => {
  const probe = { inMs: null, row: null, leftMs: 0, failed: 0 };
  expect(isProbeDue(probe)).toBe(false);
  expect(isProbeDue({ ...probe, inMs: 1 })).toBe(false);
  expect(isProbeDue({ ...probe, inMs: 0 })).toBe(true);
  expect(isProbeDue({ ...probe, inMs: -5, row: '7', leftMs: 1 })).toBe(false);
  expect(isProbeDue({ ...probe, inMs: -5, row: '7', leftMs: 0 })).toBe(true);
});

it('has pauses that double up to a limit', () => {
  const pauses = { firstMs: 5_000, mostMs: 300_000 };
  expect([0, 1, 2, 6, 7, 5_000].map((failed) => probePauseMs(pauses, failed))).toEqual([
    5_000, 10_000, 20_000, 300_000, 300_000, 300_000,
  ]);
});
