import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playBaseline } from './baseline/play-baseline.ts';
import { hasBaseline, type Cell } from './cell.ts';
import { aCell, cellNames } from './cells.ts';
import { longForm, owed } from './long-form.ts';
import { kill } from './mutants/kill.ts';
import { mutants } from './mutants/mutants.ts';
import { play } from './play.ts';
import { openPlayedCells, type PlayedCell } from './played.ts';
import { sumUp, table } from './table.ts';

/**
 * Real processes under a nemesis:       npm run test:chaos -- [--cell NAME]… [--seed N] [--seeds N] [--rows N] [--seconds N]
 * Plain BullMQ beside it:               … --baseline
 * More than 100,000 rows, in parts:     npm run test:chaos -- --long [--cell NAME]… [--seed N] [--fresh] [--sum]
 * Without each safeguard in turn:       npm run test:chaos -- --mutants [--only WORDS]
 */
const { values } = parseArgs({
  options: {
    cell: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1' },
    rows: { type: 'string' },
    seconds: { type: 'string' },
    baseline: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    sum: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const checkout = join(import.meta.dirname, '..', '..');
const folder = join(checkout, 'data', 'chaos', String(process.pid));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const wanted = values.cell.map((asked) => {
  const name = cellNames.find((one) => one === asked);
  if (name === undefined) throw new Error(`--cell: one of ${cellNames.join(' | ')}`);
  return name;
});

process.exit((await (values.mutants ? killMutants() : values.long ? playLongForm() : playCells())) ? 0 : 1);

async function playCells(): Promise<boolean> {
  const played: PlayedCell[] = [];
  for (const cell of asked()) played.push(await playCell(cell, values.baseline));
  say(`\n${table(played)}`);
  return isSound(played);
}

/** Goes on where it was interrupted, unless everything is to be played anew. */
async function playLongForm(): Promise<boolean> {
  const kept = await openPlayedCells(join(checkout, 'data', 'chaos', 'long'), checkout);
  const isAsked = ({ name, seed }: Cell): boolean =>
    (wanted.length === 0 || wanted.some((one) => one === name)) &&
    (values.seed === undefined || Number(values.seed) === seed);
  const played: PlayedCell[] = [];
  const missing: Cell[] = [];
  for (const cell of longForm) {
    const isToPlay = isAsked(cell) && !values.sum;
    let found = isToPlay && values.fresh ? null : await kept.find(cell);
    if (found === null && isToPlay) {
      say(`cell ${cell.seed} of ${longForm[0]?.seed} to ${longForm.at(-1)?.seed}: ${cell.name}`);
      found = await playCell(cell, true);
      await kept.keep(cell, found);
    }
    if (found === null) missing.push(cell);
    else played.push(found);
  }
  say(`\n${table(played)}`);
  const { rows, blows } = sumUp(played);
  if (missing.length > 0) say(`to be played still: ${missing.map(({ name, seed }) => `${seed} (${name})`).join(', ')}`);
  else if (rows < owed.rows || blows < owed.blows)
    say(`too little: ${owed.rows} rows under ${owed.blows} kills, pauses and restarts are owed`);
  return isSound(played) && (missing.length > 0 || (rows >= owed.rows && blows >= owed.blows));
}

async function playCell(cell: Cell, withBaseline: boolean): Promise<PlayedCell> {
  const report = await play(cell, { folder, checkout });
  say(JSON.stringify({ ...report, wrong: report.wrong.length, firstWrong: report.wrong.slice(0, 10) }));
  const baseline = withBaseline && hasBaseline(cell) ? await playBaseline(cell, folder) : null;
  if (baseline !== null) say(JSON.stringify(baseline));
  return { report, baseline };
}

/** Nothing is wrong, and each cell came to what it is for. */
function isSound(played: readonly PlayedCell[]): boolean {
  return played.every(({ report }) => report.wrong.length === 0 && report.notShown.length === 0);
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
  const first = Number(values.seed ?? '1');
  const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => first + index);
  const more = {
    ...(values.rows === undefined ? {} : { rows: Number(values.rows) }),
    ...(values.seconds === undefined ? {} : { seconds: Number(values.seconds) }),
  };
  return (wanted.length === 0 ? cellNames : wanted).flatMap((name) => seeds.map((seed) => aCell(name, seed, more)));
}
