import { createHash } from 'node:crypto';
import { glob, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BaselineReport } from './baseline/play-baseline.ts';
import type { Cell } from './cell.ts';
import type { ChaosReport } from './report.ts';

/** What came of one cell of the long form. */
export interface PlayedCell {
  readonly report: ChaosReport;
  /** Null: plain BullMQ has no part in this cell. */
  readonly baseline: BaselineReport | null;
}

/** Cells of the long form that are done, so that it can be played in parts and goes on after an interruption. */
export interface PlayedCells {
  /** Null: not played, or with other sources or another shape of the cell. */
  find(cell: Cell): Promise<PlayedCell | null>;
  keep(cell: Cell, played: PlayedCell): Promise<void>;
}

export async function openPlayedCells(folder: string, checkout: string): Promise<PlayedCells> {
  const sources = await digestOf(checkout);
  await mkdir(folder, { recursive: true });
  const pathOf = ({ seed }: Cell): string => join(folder, `${seed}.json`);
  const stampOf = (cell: Cell): string => JSON.stringify({ cell, sources });
  return {
    async find(cell) {
      const text = await readFile(pathOf(cell), 'utf8').catch(() => null);
      if (text === null) return null;
      const { stamp, played } = JSON.parse(text) as { stamp: string; played: PlayedCell };
      return stamp === stampOf(cell) ? played : null;
    },
    async keep(cell, played) {
      const path = pathOf(cell);
      await writeFile(`${path}.part`, JSON.stringify({ stamp: stampOf(cell), played }));
      await rename(`${path}.part`, path);
    },
  };
}

/** Figures of two versions of leadsync are not to be summed up. */
async function digestOf(checkout: string): Promise<string> {
  const hash = createHash('sha256');
  const paths = await Array.fromAsync(glob(['src/**/*.ts', 'jobs/*.ts', 'package-lock.json'], { cwd: checkout }));
  for (const path of paths.toSorted()) hash.update(`${path}\n`).update(await readFile(join(checkout, path)));
  return hash.digest('hex');
}
