import type { Cell } from './cell.ts';
import { aCell, type CellName } from './cells.ts';

const order: readonly CellName[] = [
  'everything, redis',
  'everything, postgres',
  'careless operator',
  'perfect api',
  'honoured keys',
  'everything, redis',
  'slow disk',
  'everything, redis',
];

/** More than 100,000 rows, cell after cell, each for a minute and a half at least. */
export const longForm: readonly Cell[] = order.map((name, index) =>
  aCell(name, 100 + index, {
    rows: 12_600,
    files: 6,
    seconds: 90,
    everyMs: [1_000, 3_000],
    faults: { check: 0.01, write: 0.02 },
  }),
);
