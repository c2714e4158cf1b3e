import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { traceContextOf, traceparentOf } from '../../src/domain/trace-context.ts';

const hashes = Array.from({ length: 2_000 }, (_, n) => createHash('sha256').update(`row ${n}`).digest('hex'));

it('a trace has the ids of its hash, whoever asks, as W3C Trace Context writes them', () => {
  const [hash = ''] = hashes;
  const context = traceContextOf(hash, 1);
  expect(context).toEqual(traceContextOf(hash, 1));
  expect(traceparentOf(context)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(traceparentOf(traceContextOf(hash, 0))).toMatch(/-00$/);
});

it.each([
  [0, 0, 0],
  [0.1, 150, 250],
  [0.5, 900, 1_100],
  [1, 2_000, 2_000],
])(
  'a share of %d takes as many, and those of a smaller share are among those of a larger one',
  (share, least, most) => {
    const sampled = hashes.filter((hash) => traceContextOf(hash, share).isSampled);
    expect(sampled.length).toBeGreaterThanOrEqual(least);
    expect(sampled.length).toBeLessThanOrEqual(most);
    expect(sampled.every((hash) => traceContextOf(hash, 1).isSampled)).toBe(true);
  },
);
