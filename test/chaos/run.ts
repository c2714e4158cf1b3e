import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playBaseline, type BaselineReport } from './baseline/play-baseline.ts';
import type { Cell } from './cell.ts';
import { aCell, cellNames } from './cells.ts';
import { longForm } from './long-form.ts';
import { kill } from './mutants/kill.ts';
import { mutants } from './mutants/mutants.ts';
import { play } from './play.ts';
import type { ChaosReport } from './report.ts';
import { table } from './table.ts';

/**
 * Real processes under a nemesis:       npm run test:chaos -- [--cell NAME]… [--seed N] [--seeds N] [--rows N] [--seconds N]
 * Plain BullMQ beside it:               … --baseline
 * More than 100,000 rows:               npm run test:chaos -- --long
 * Without each safeguard in turn:       npm run test:chaos -- --mutants [--only WORDS]
 */
const { values } = parseArgs({
  options: {
    cell: { type: 'string', multiple: true, default: [...cellNames] },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    rows: { type: 'string' },
    seconds: { type: 'string' },
    baseline: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const checkout = join(import.meta.dirname, '..', '..');
const folder = join(checkout, 'data', 'chaos', String(process.pid));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

process.exit((values.mutants ? await killMutants() : await playCells()) ? 0 : 1);

async function playCells(): Promise<boolean> {
  const reports: ChaosReport[] = [];
  const baselines: BaselineReport[] = [];
  for (const cell of values.long ? longForm : asked()) {
    const report = await play(cell, { folder, checkout });
    reports.push(report);
    say(JSON.stringify({ ...report, wrong: report.wrong.length, firstWrong: report.wrong.slice(0, 10) }));
    if (values.baseline && cell.backend === 'redis' && cell.transport === undefined) {
      const baseline = await playBaseline(cell, folder);
      baselines.push(baseline);
      say(JSON.stringify(baseline));
    }
  }
  say(`\n${table(reports, baselines)}`);
  return reports.every(({ wrong }) => wrong.length === 0);
}

async function killMutants(): Promise<boolean> {
  let alive = 0;
  for (const mutant of mutants.filter(({ name }) => name.includes(values.only))) {
    const seen = await kill(mutant, checkout, folder);
    if (seen === null) alive += 1;
    say(`${seen === null ? 'NOT NOTICED' : 'noticed'}  without ${mutant.name} (${mutant.witness.kind})  ${seen ?? ''}`);
  }
  return alive === 0;
}

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
