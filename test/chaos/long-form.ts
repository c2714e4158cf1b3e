import type { Cell } from './cell.ts';
import { aCell, cellNames, type CellName } from './cells.ts';

/** Came when the others had their seeds and their figures: it is the last, and takes no rows from them. */
const added: readonly CellName[] = ['erasure and retention'];

/** Every cell once, and the one that holds most of it more often. */
const first: readonly CellName[] = [
  ...cellNames.filter((name) => !added.includes(name)),
  'everything, redis',
  'everything, postgres',
  'everything, redis',
];

/** What the suite owes. Leads files alone have more than so many rows, the files of updates come on top. */
export const owed = { rows: 100_000, blows: 300 } as const;

/** So many more rows that a share of the usual faults is as many of them. A cell without faults has none here either. */
const share = 0.2;

/** A seed each, by which a cell of the long form is named. */
export const longForm: readonly Cell[] = [...first, ...added].map((name, index) => {
  const seed = 101 + index;
  const { check, write } = aCell(name, seed).faults;
  return aCell(name, seed, {
    rows: Math.ceil((owed.rows * 1.01) / first.length),
    files: 6,
    seconds: 90,
    everyMs: [1_000, 3_000],
    faults: { check: check * share, write: write * share },
  });
});
