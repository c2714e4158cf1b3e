import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { aCell, cellNames } from './cells.ts';
import { play } from './play.ts';

/**
 * Real processes under a nemesis:   npm run test:chaos -- [--cell NAME]… [--seed N] [--seeds N] [--rows N] [--seconds N]
 */
const { values } = parseArgs({
  options: {
    cell: { type: 'string', multiple: true, default: [...cellNames] },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    rows: { type: 'string' },
    seconds: { type: 'string' },
  },
});
const checkout = join(import.meta.dirname, '..', '..');
const folder = join(checkout, 'data', 'chaos', String(process.pid));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

let wrong = 0;
for (const wanted of values.cell) {
  const name = cellNames.find((one) => one === wanted);
  if (name === undefined) throw new Error(`--cell: one of ${cellNames.join(' | ')}`);
  for (let seed = Number(values.seed); seed < Number(values.seed) + Number(values.seeds); seed += 1) {
    const cell = aCell(name, seed, {
      ...(values.rows === undefined ? {} : { rows: Number(values.rows) }),
      ...(values.seconds === undefined ? {} : { seconds: Number(values.seconds) }),
    });
    const report = await play(cell, { folder, checkout });
    wrong += report.wrong.length;
    say(JSON.stringify({ ...report, wrong: report.wrong.length, firstWrong: report.wrong.slice(0, 10) }));
  }
}
say(`wrong = ${wrong}`);
process.exit(wrong === 0 ? 0 : 1);
