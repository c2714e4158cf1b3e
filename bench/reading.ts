import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Result } from './result.ts';

/** What reading a file costs beside csv-parse alone, and the memory of a process that reads few rows and many (read.ts). */
export function measureReading(rounds: number, rows: number, many: number): readonly Result[] {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'read.ts'), '--json', '--rounds', `${rounds}`, '--rows', `${rows}`, '--many', `${many}`],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const { ratios, peaks } = JSON.parse(stdout) as { readonly ratios: number[]; readonly peaks: number[] };
  const [few = 0, most = 0] = peaks;
  return [
    {
      name: 'reading into the ledger against csv-parse alone',
      ratios,
      budget: 0.08,
      bound: 'at least',
      says: `${rows} rows: parsed, mapped, validated, sealed and committed`,
    },
    {
      name: `peak memory on ${many} rows, of 256 MiB`,
      ratios: [most / 256],
      budget: 1,
      bound: 'at most',
      says: `${most} MiB`,
    },
    {
      name: `peak memory on ${many} rows against ${rows}`,
      ratios: [most / few],
      budget: 1.1,
      bound: 'at most',
      says: `${most} MiB beside ${few} MiB`,
    },
  ];
}
