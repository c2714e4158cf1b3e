import { expect, it } from 'vitest';
import { createReplaying } from '../../src/app/carry-on-replays.ts';

/** Batches with so many rows left each, of which a window takes what it is given; the clock stands still unless it is moved. */
function replaysOf(left: Record<string, number>) {
  const forgotten: number[] = [];
  let now = 0;
  const replays = {
    runningReplays: async () => Object.keys(left).filter((id) => left[id] !== 0),
    carryOnReplay: async (id: string, limit: number) => {
      now += 10;
      const before = left[id] ?? 0;
      if (before < 0) throw new Error(`batch ${id} is broken`);
      const rows = Math.min(before, limit);
      left[id] = before - rows;
      return { rows };
    },
    forgetProposals: async (olderThanMs: number) => void forgotten.push(olderThanMs),
  };
  const clock = { monotonicMs: () => now };
  return { replaying: createReplaying(replays, clock), left, forgotten, wait: (ms: number) => (now += ms) };
}

it('carries on with every batch in one turn, window by window', async () => {
  const { replaying, left } = replaysOf({ '1': 1_200, '2': 30 });
  await replaying.tick();
  expect(left).toEqual({ '1': 0, '2': 0 });
});

it('leaves a batch without end after a second, for the other duties of the leader', async () => {
  const { replaying, left } = replaysOf({ '1': 1_000_000, '2': 700 });
  await replaying.tick();
  expect(left).toEqual({ '1': 950_000, '2': 0 });
});

it('goes on with the others when one is broken, and says so', async () => {
  const { replaying, left } = replaysOf({ '1': -1, '2': 700 });
  await expect(replaying.tick()).rejects.toThrow('batch 1 is broken');
  expect(left['2']).toBe(0);
});

it('forgets proposals whose makers have gone, now and then', async () => {
  const { replaying, forgotten, wait } = replaysOf({});
  await replaying.tick();
  await replaying.tick();
  wait(60_000);
  await replaying.tick();
  expect(forgotten).toEqual([86_400_000, 86_400_000]);
});
