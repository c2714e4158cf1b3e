import { describe, expect, it } from 'vitest';
import { deliveryLimits, planDelivery } from '../../src/domain/delivery.ts';

const failed = { kind: 'failed', code: 'DELIVERY_UNREACHABLE', httpStatus: null, retryAfterMs: null } as const;
const hours = 3_600_000;
const young = { ageMs: 0, maxAgeMs: 24 * hours };

describe('the next try of a delivery', () => {
  it('comes later and later, up to an hour, half of it by chance', () => {
    const delays = [0, 1, 2, 9, 10, 50, 5_000].map((tries) => planDelivery(failed, { ...young, tries }, 0));
    expect(delays).toEqual([2_500, 5_000, 10_000, 1_280_000, 1_800_000, 1_800_000, 1_800_000]);
    expect(planDelivery(failed, { ...young, tries: 0 }, 0.999)).toBeCloseTo(5_000, -1);
  });

  it('heeds the time that the receiver names, up to an hour, and never comes sooner than by itself', () => {
    const at = (retryAfterMs: number, tries = 0) => planDelivery({ ...failed, retryAfterMs }, { ...young, tries }, 0);
    expect([at(60_000), at(100 * hours), at(1, 5)]).toEqual([60_000, hours, 80_000]);
  });

  it('is none where it would be too old by then', () => {
    expect(planDelivery(failed, { tries: 0, ageMs: 24 * hours - 1_000, maxAgeMs: 24 * hours }, 0)).toBeNull();
    expect(planDelivery(failed, { tries: 0, ageMs: 24 * hours - 3_000, maxAgeMs: 24 * hours }, 0)).toBe(2_500);
  });
});

it('a partner that fails is left alone before anything of it is given up', () => {
  const { stopAfterMs, maxAgeMs } = deliveryLimits.file;
  expect(stopAfterMs).toBeLessThan(maxAgeMs);
});
