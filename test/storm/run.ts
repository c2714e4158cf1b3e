import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playStorm } from './storm.ts';
import type { Variant } from './storm-files.ts';

/**
 * Status updates of many leads, shuffled over many files, while workers are killed and frozen and the API lies:
 *   npm run test:storm -- [--variant strict|dated]… [--leads 5000] [--each 10] [--files 20] [--workers 4] [--seed 1]
 *     [--faults 0.02] [--every 3000] [--within 540]
 * `--faults 0 --every 0` is a calm day.
 */
const { values } = parseArgs({
  options: {
    variant: { type: 'string', multiple: true, default: ['strict', 'dated'] },
    leads: { type: 'string', default: '5000' },
    each: { type: 'string', default: '10' },
    files: { type: 'string', default: '20' },
    workers: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '0.02' },
    every: { type: 'string', default: '3000' },
    within: { type: 'string', default: '540' },
  },
});
const checkout = join(import.meta.dirname, '..', '..');
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const variants = values.variant.map((name): Variant => {
  if (name !== 'strict' && name !== 'dated') throw new Error('--variant: strict | dated');
  return name;
});
const everyMs = Number(values.every);
let wrong = 0;
for (const variant of variants) {
  const loadBefore = loadavg()[0];
  const report = await playStorm(
    {
      variant,
      leads: Number(values.leads),
      each: Number(values.each),
      files: Number(values.files),
      workers: Number(values.workers),
      seed: Number(values.seed),
      faults: Number(values.faults),
      everyMs: everyMs === 0 ? null : [everyMs / 2, everyMs * 1.5],
      withinSeconds: Number(values.within),
    },
    { folder: join(checkout, 'data', 'storm', String(process.pid)), checkout, say },
  );
  wrong += report.wrong.length;
  const told = { ...report, wrong: report.wrong.length, firstWrong: report.wrong.slice(0, 10) };
  say(JSON.stringify({ ...told, load: [loadBefore, loadavg()[0]] }, null, 2));
}
say(`wrong = ${wrong}`);
process.exit(wrong === 0 ? 0 : 1);
