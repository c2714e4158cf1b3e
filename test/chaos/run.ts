import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Cell } from './cell.ts';
import { aCell, cellNames } from './cells.ts';
import { longForm } from './long-form.ts';
import { play } from './play.ts';

/**
 * Real processes under a nemesis:   npm run test:chaos -- [--cell NAME]… [--seed N] [--seeds N] [--rows N] [--seconds N]
 * More than 100,000 rows:           npm run test:chaos -- --long
 */
const { values } = parseArgs({
  options: {
    cell: { type: 'string', multiple: true, default: [...cellNames] },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    rows: { type: 'string' },
    seconds: { type: 'string' },
    long: { type: 'boolean', default: false },
  },
});
const checkout = join(import.meta.dirname, '..', '..');
const folder = join(checkout, 'data', 'chaos', String(process.pid));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const cells = values.long ? longForm : asked();
let wrong = 0;
for (const cell of cells) {
  const report = await play(cell, { folder, checkout });
  wrong += report.wrong.length;
  say(JSON.stringify({ ...report, wrong: report.wrong.length, firstWrong: report.wrong.slice(0, 10) }));
}
say(`wrong = ${wrong}`);
process.exit(wrong === 0 ? 0 : 1);

function asked(): readonly Cell[] {
  const first = Number(values.seed);
  const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => first + index);
  const more = {
    ...(values.rows === undefined ? {} : { rows: Number(values.rows) }),
    ...(values.seconds === undefined ? {} : { seconds: Number(values.seconds) }),
  };
  return values.cell.flatMap((wanted) => {
    const name = cellNames.find((one) => one === wanted);
    if (name === undefined) throw new Error(`--cell: one of ${cellNames.join(' | ')}`);
    return seeds.map((seed) => aCell(name, seed, more));
  });
}
