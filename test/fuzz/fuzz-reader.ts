import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkReading } from './check-reading.ts';
import { createDice, mutant } from './mutate.ts';

/**
 * Mutates the fixtures and reads what comes of it: `node test/fuzz/fuzz-reader.ts --inputs 1000000 --seed 1`. Ends with
 * exit 1 at the first input for which a promise of the reader does not hold, and prints the input. The same seed gives the
 * same inputs; `--from N` begins at one of them.
 */
export interface FuzzFigures {
  inputs: number;
  refused: number;
  records: number;
  faults: Record<string, number>;
  longestMs: number;
}

export async function fuzzReader(options: {
  readonly inputs: number;
  readonly seed: number;
  readonly from?: number;
  readonly report?: (figures: FuzzFigures) => void;
}): Promise<FuzzFigures> {
  const corpus = readCorpus();
  const figures: FuzzFigures = { inputs: 0, refused: 0, records: 0, faults: {}, longestMs: 0 };
  const { seed, from = 0, inputs, report } = options;
  for (let number = from; number < from + inputs; number++) {
    // A seed of its own for each input, so that one can be had again without those before it.
    const dice = createDice(seed * 0x9e3779b1 + number);
    const bytes = mutant(corpus, dice);
    const started = performance.now();
    const reading = await checkReading(bytes, dice).catch((cause: unknown) => {
      throw new Error(`seed ${seed}, input ${number}: ${bytes.toString('base64')}`, { cause });
    });
    figures.longestMs = Math.max(figures.longestMs, performance.now() - started);
    figures.inputs++;
    figures.records += reading.records.length;
    const faults = reading.records.flatMap((record) => ('fault' in record ? [record.fault] : []));
    if (reading.refused !== null) figures.refused++;
    for (const fault of [...faults, ...(reading.refused === null ? [] : [reading.refused])])
      figures.faults[fault] = (figures.faults[fault] ?? 0) + 1;
    if (figures.inputs % 20_000 === 0) report?.(figures);
  }
  return figures;
}

function readCorpus(): readonly Buffer[] {
  const folder = join(import.meta.dirname, '../../fixtures');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.csv'));
  return names.sort().map((name) => readFileSync(join(folder, name)).subarray(0, 4096));
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
    },
  });
  const started = performance.now();
  const tell = (figures: FuzzFigures): void =>
    console.log(JSON.stringify({ ...figures, seconds: Math.round((performance.now() - started) / 1000) }));
  tell(
    await fuzzReader({
      inputs: Number(values.inputs),
      seed: Number(values.seed),
      from: Number(values.from),
      report: tell,
    }),
  );
}
