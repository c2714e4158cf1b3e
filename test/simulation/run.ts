import { parseArgs } from 'node:util';
import { safeguards, type Safeguard } from './safeguard.ts';
import { simulate } from './simulate.ts';

/**
 * Many simulated worlds:   node test/simulation/run.ts --seeds 20000 [--first 1] [--without SAFEGUARD]
 * One that failed, alone:  node test/simulation/run.ts --seeds 1 --first SEED --story
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20000' },
    first: { type: 'string', default: '1' },
    without: { type: 'string', multiple: true, default: [] },
    story: { type: 'boolean', default: false },
  },
});
const without = values.without.map((name) => {
  const known = safeguards.find((safeguard) => safeguard === name);
  if (known === undefined) throw new Error(`--without: one of ${safeguards.join(', ')}`);
  return known satisfies Safeguard;
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const first = Number(values.first);
const last = first + Number(values.seeds) - 1;
const totals = new Map<string, number>();
const started = performance.now();
let wrong = 0;
for (let seed = first; seed <= last; seed += 1) {
  const report = await simulate(seed, { without });
  for (const [name, n] of [...Object.entries(report.figures), ...Object.entries(report.outcomes)])
    totals.set(name, (totals.get(name) ?? 0) + n);
  if (values.story) say(report.story());
  if (report.wrong.length > 0) {
    wrong += 1;
    for (const { rule, detail } of report.wrong) say(`seed ${seed}: ${rule}: ${detail}`);
  }
  if (seed % 1_000 === 0) say(`seed ${seed}, ${Math.round((performance.now() - started) / 1_000)} s, wrong = ${wrong}`);
}
say(`seeds ${first} to ${last} in ${Math.round((performance.now() - started) / 1_000)} s`);
say([...totals].map(([name, n]) => `${name} ${n}`).join(' · '));
say(`wrong = ${wrong}`);
process.exitCode = wrong === 0 ? 0 : 1;
