import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { measureFiles, measureLatency, measurePipeline } from './pipeline.ts';
import { measureReading } from './reading.ts';
import { isMet, resultJson, resultLine, type Result } from './result.ts';

/**
 * Everything that the design sets a budget for, each beside what it is compared with, in one run:
 *
 *     npm run bench                                 about a quarter of an hour
 *     npm run bench -- --quick                      a minute: fewer rows and rounds
 *     npm run bench -- --only reading [--json]      what has the word in its name
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
  },
});
const { quick, json, only } = values;
const rounds = Number(values.rounds ?? (quick ? 1 : 5));

const measures: readonly { readonly about: string; take(): Promise<readonly Result[]> }[] = [
  { about: 'pipeline leads updates', take: () => measurePipeline({ rounds, rows: quick ? 1_000 : 4_000 }) },
  { about: 'latency', take: async () => [await measureLatency({ rounds, rows: quick ? 300 : 1_500 })] },
  { about: 'files result redis', take: () => measureFiles(rounds, quick ? 3_000 : 20_000) },
  {
    about: 'reading memory',
    take: async () => measureReading(rounds, quick ? 20_000 : 100_000, quick ? 100_000 : 1_000_000),
  },
];

const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
const loadBefore = loadavg()[0] ?? 0;
const results: Result[] = [];
for (const { about, take } of measures.filter((measure) => measure.about.includes(only))) {
  if (!json) console.log(`… ${about}`);
  results.push(...(await take()));
}
const surroundings = { machine, loadBefore, rounds, quick, at: new Date().toISOString() };
if (json) {
  console.log(JSON.stringify({ ...surroundings, results: results.map(resultJson) }));
} else {
  console.log(`\n${machine}; load before ${loadBefore.toFixed(1)}; ${rounds} rounds, the middle one and the spread\n`);
  for (const result of results) console.log(resultLine(result));
}
process.exitCode = results.every(isMet) ? 0 : 1;
