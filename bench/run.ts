import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { measureLookups } from './lookups.ts';
import { measureFiles, measureLatency, measureLedgerAlone, measurePipeline } from './pipeline.ts';
import { measureReading } from './reading.ts';
import { measureScaleOut } from './scale-out.ts';
import { isMet, resultJson, resultLine, type Result } from './result.ts';
import { versions } from './versions.ts';
import { writeReport } from './write-report.ts';

/**
 * Everything that the design sets a budget for, each beside what it is compared with, in one run:
 *
 *     npm run bench                                 five rounds
 *     npm run bench -- --quick                      one round of fewer rows
 *     npm run bench -- --only reading [--json]      what has the word in its name
 *     npm run bench -- --write                      also into docs/benchmarks.md and its chart
 *     npm run bench -- --ledger 10000000            finding a lead among more rows (1,000,000)
 *
 * Every service of it keeps its promises: that all rows are accounted for, that no lead was created twice and that the
 * audit log is whole is looked at before a figure counts. Exit code: 0 where every budget was met, else 1.
 */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    rounds: { type: 'string' },
    ledger: { type: 'string', default: '1000000' },
    write: { type: 'boolean', default: false },
  },
});
const { quick, json, only } = values;
const rounds = Number(values.rounds ?? (quick ? 1 : 5));

const measures: readonly { readonly about: string; take(): Promise<readonly Result[]> }[] = [
  { about: 'pipeline leads updates', take: () => measurePipeline({ rounds, rows: quick ? 1_000 : 4_000 }) },
  { about: 'ledger alone', take: async () => [await measureLedgerAlone({ rounds, rows: quick ? 1_000 : 4_000 })] },
  { about: 'latency', take: () => measureLatency({ rounds, rows: quick ? 1_000 : 3_000 }) },
  { about: 'files result redis', take: () => measureFiles(rounds, quick ? 3_000 : 20_000) },
  {
    about: 'processes backends scale',
    take: () => measureScaleOut(rounds, quick ? 1_000 : 3_000),
  },
  { about: 'lookups finding', take: () => measureLookups(rounds, quick ? 100_000 : Number(values.ledger)) },
  {
    about: 'reading memory',
    take: async () => measureReading(rounds, quick ? 20_000 : 100_000, quick ? 100_000 : 1_000_000),
  },
];

const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
const made = await versions();
const loadBefore = loadavg()[0] ?? 0;
const results: Result[] = [];
for (const { about, take } of measures.filter((measure) => measure.about.includes(only))) {
  if (!json) console.log(`… ${about}`);
  results.push(...(await take()));
}
const surroundings = { machine, versions: made, loadBefore, rounds, quick, at: new Date().toISOString() };
const says = [
  surroundings.at.slice(0, 10),
  machine,
  ...Object.entries(made).map(([name, version]) => `${name} ${version}`),
  `load before ${loadBefore.toFixed(1)}`,
  `${rounds} rounds${quick ? ' of the short form' : ''}`,
];
if (json) {
  console.log(JSON.stringify({ ...surroundings, results: results.map(resultJson) }));
} else {
  console.log(`\n${says.join('; ')}; the middle one and the spread\n`);
  for (const result of results) console.log(resultLine(result));
}
if (values.write) await writeReport(results, says);
process.exitCode = results.every(isMet) ? 0 : 1;
