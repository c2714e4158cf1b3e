import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { testRedisUrl } from '../support/redis.ts';
import { aCell, type CellName } from './cells.ts';
import { play } from './play.ts';

/** `npm run test:chaos` plays all cells, longer; any seed can be played again by it. */
const checkout = join(import.meta.dirname, '..', '..');
const short = {
  rows: 300,
  seconds: 8,
  everyMs: [700, 1_500],
  faults: { check: 0.1, write: 0.3 },
  // Those that keep a worker away for longer than its locks are for the long form.
  ailments: ['none', 'wall-clock-ahead', 'monotonic-stands-still'],
} as const;
const quick = [
  'kill_worker',
  'pause_worker',
  'kill_worker',
  'kill_api',
  'break_way_to_api',
  'end_connections',
] as const;

const cells: readonly (readonly [CellName, number, readonly Parameters<typeof play>[0]['acts'][number][]])[] = [
  ['everything, redis', 7, [...quick, 'flush_redis', 'kill_redis', 'restart_postgres']],
  ['everything, postgres', 8, [...quick, 'restart_postgres']],
  ['erasure and retention', 9, quick],
];

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await scratchFolder();
});
afterAll(() => scratch.remove());

describe('leadsync as real processes, killed, paused and lied to', () => {
  it.for(cells)('%s, seed %i', { timeout: 240_000 }, async ([name, seed, acts], context) => {
    const cell = aCell(name, seed, { ...short, acts, ...(name === 'erasure and retention' ? { erasures: 6 } : {}) });
    if (cell.backend === 'redis' && testRedisUrl() === null) context.skip();
    const report = await play(cell, { folder: join(scratch.path, String(seed)), checkout });
    expect(report.wrong, `seed ${seed}`).toEqual([]);
    expect(report.notShown).toEqual([]);
    // A run in which nothing happens proves nothing.
    expect(report.kills + report.pauses + report.restarts, JSON.stringify(report.acts)).toBeGreaterThan(3);
    expect(Object.values(report.faults).reduce((sum, times) => sum + times, 0)).toBeGreaterThan(0);
    expect(report.inDoubt).toBeGreaterThan(0);
  });
});
