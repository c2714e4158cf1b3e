import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { cellNames } from './cells.ts';
import { longForm, owed } from './long-form.ts';
import { openPlayedCells, type PlayedCell } from './played.ts';
import { sumUp, table } from './table.ts';

const checkout = join(import.meta.dirname, '..', '..');
let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await scratchFolder();
});
afterAll(() => scratch.remove());

const played = (rows: number, duplicates: number): PlayedCell =>
  ({
    report: { cell: 'x', rows, kills: 3, pauses: 2, restarts: 1, faults: {}, wrong: [], notShown: [], seconds: 60 },
    baseline: { rows: 10, duplicates, worst: 3, lost: 0 },
  }) as unknown as PlayedCell;

describe('the long form', () => {
  it('has every cell, a seed for each, and rows and blows enough if it is played', () => {
    expect(new Set(longForm.map(({ name }) => name))).toEqual(new Set(cellNames));
    expect(new Set(longForm.map(({ seed }) => seed)).size).toBe(longForm.length);
    expect(longForm.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(owed.rows);
    // Two in three acts are kills, pauses and restarts.
    const acts = longForm.reduce((sum, { seconds, everyMs }) => sum + (seconds * 1_000) / everyMs[1], 0);
    expect((acts * 2) / 3).toBeGreaterThan(owed.blows);
  });

  it('goes on where it was interrupted, with the cells that are as they were played', async () => {
    const [first, second] = longForm;
    if (first === undefined || second === undefined) throw new Error('no cells');
    const folder = join(scratch.path, 'played');
    await (await openPlayedCells(folder, checkout)).keep(first, played(100, 1));
    const again = await openPlayedCells(folder, checkout);
    expect(await again.find(first)).toEqual(played(100, 1));
    expect(await again.find(second)).toBeNull();
    expect(await again.find({ ...first, rows: 1 })).toBeNull();
    expect(await (await openPlayedCells(folder, scratch.path)).find(first)).toBeNull();
    await rm(folder, { recursive: true });
    expect(await again.find(first)).toBeNull();
  });

  it('sums up what was played, plain BullMQ beside it', () => {
    const both = [played(100, 1), { ...played(50, 0), baseline: null }];
    expect(sumUp(both)).toMatchObject({ rows: 150, blows: 12, wrong: 0, baseline: { rows: 10, duplicates: 1 } });
    expect(table(both)).toContain(
      '150 rows under 12 kills, pauses and restarts in 2 min: wrong = 0; plain BullMQ beside it: 1 of 10 rows created more than once, 0 lost',
    );
  });
});
