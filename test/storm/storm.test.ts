import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testRedisUrl } from '../support/redis.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { playStorm, type Storm } from './storm.ts';

/** `npm run test:storm` plays 50,000 updates; any seed can be played again by it. */
const checkout = join(import.meta.dirname, '..', '..');
const short: Omit<Storm, 'variant' | 'seed'> = {
  leads: 40,
  each: 5,
  files: 4,
  workers: 2,
  faults: 0.06,
  // On a fast machine all is over in a few seconds.
  everyMs: [300, 1_500],
  withinSeconds: 120,
};

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await scratchFolder();
});
afterAll(() => scratch.remove());

describe('status updates over many files, while workers are killed and frozen and the API lies', () => {
  it('reach each lead by arrival, none missing', { timeout: 300_000 }, async (context) => {
    if (testRedisUrl() === null) context.skip();
    const report = await play({ ...short, variant: 'strict', seed: 3 });
    expect(report.ends['superseded']).toBeUndefined();
  });

  it(
    'leave each lead in its newest state, where exports begin with the newest',
    { timeout: 300_000 },
    async (context) => {
      if (testRedisUrl() === null) context.skip();
      await play({ ...short, variant: 'dated', seed: 4 });
    },
  );
});

async function play(storm: Storm): ReturnType<typeof playStorm> {
  const report = await playStorm(storm, { folder: join(scratch.path, storm.variant), checkout });
  expect(report.wrong, `seed ${storm.seed}`).toEqual([]);
  // A storm in which nothing happens proves nothing.
  expect(Object.keys(report.acts)).not.toEqual([]);
  expect(Object.keys(report.faults)).not.toEqual([]);
  expect(report.ends['rejected'], 'updates of leads of another partner').toBeGreaterThan(0);
  return report;
}
