import { leadsCsv } from '../test/e2e/leads-file.ts';
import { install } from './installation.ts';
import { spanOf, startRemote } from './remote.ts';
import { shown, type Result } from './result.ts';

const paths = ['/client-data', '/alta-lead'];

interface Setting {
  readonly processes: number;
  readonly backend: 'redis' | 'postgres';
  readonly latencyMs: number;
  /** Calls under way at most, of all processes together. */
  readonly concurrency: number;
}

/** Rows a second, once the compilers have seen some. */
async function rateOf(rows: number, { latencyMs, ...setting }: Setting): Promise<number> {
  const remote = await startRemote(latencyMs);
  const installation = await install({ url: remote.url, ...setting });
  try {
    await installation.carry('leads-warm.csv', leadsCsv(200, 'W-'));
    await remote.takeSeen();
    await installation.carry('leads.csv', leadsCsv(rows, 'R-'));
    const ms = spanOf(await remote.takeSeen(), paths);
    await installation.close(rows + 200);
    if ((await remote.duplicates()) > 0) throw new Error('a lead was created more than once');
    return (rows * 1_000) / ms;
  } finally {
    await installation.abandon();
    await remote.stop();
  }
}

/**
 * Each process may have so many calls under way at an API that takes 50 ms: what a process adds while the API is the limit. So
 * few, because four processes, their stores and the API share two processors: with 8 those were what was short.
 */
const callsOfOne = 4;

/** Two and four processes beside one, and the queue in PostgreSQL beside Redis. */
export async function measureScaleOut(rounds: number, rows: number): Promise<readonly Result[]> {
  const linear = new Map<number, number[]>([
    [2, []],
    [4, []],
  ]);
  const backends: number[] = [];
  const says = new Map<number, number[]>([
    [1, []],
    [2, []],
    [4, []],
  ]);
  const rates: { readonly redis: number; readonly postgres: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const slow = (processes: number): Promise<number> =>
      rateOf(rows, { processes, backend: 'redis', latencyMs: 50, concurrency: callsOfOne * processes });
    const one = await slow(1);
    says.get(1)?.push(one);
    for (const [processes, ratios] of linear) {
      const many = await slow(processes);
      ratios.push(many / (one * processes));
      says.get(processes)?.push(many);
    }
    const fast = { processes: 1, latencyMs: 0, concurrency: 64 };
    const redis = await rateOf(rows, { ...fast, backend: 'redis' });
    const postgres = await rateOf(rows, { ...fast, backend: 'postgres' });
    backends.push(postgres / redis);
    rates.push({ redis, postgres });
  }
  const mean = (values: readonly number[]): string => shown(values.reduce((sum, one) => sum + one, 0) / values.length);
  return [
    ...[...linear].map(([processes, ratios]): Result => ({
      name: `${processes} processes against ${processes} times one, an API of 50 ms`,
      ratios,
      budget: 0.9,
      bound: 'at least',
      says: `${mean(says.get(processes) ?? [])} rows/s beside ${mean(says.get(1) ?? [])}, ${callsOfOne} calls under way each`,
    })),
    {
      name: 'leads with the queue in PostgreSQL against the queue in Redis',
      ratios: backends,
      budget: null,
      bound: 'at least',
      says: `${mean(rates.map((rate) => rate.postgres))} rows/s beside ${mean(rates.map((rate) => rate.redis))}`,
    },
  ];
}
