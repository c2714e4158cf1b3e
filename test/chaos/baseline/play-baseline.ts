import { Queue } from 'bullmq';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { nifOf } from '../../e2e/leads-file.ts';
import { createRandom } from '../../simulation/random.ts';
import type { TruthEntry } from '../api/truth.ts';
import type { Cell } from '../cell.ts';
import { duplicated } from '../checker/one-create.ts';
import { startNemesis } from '../nemesis/nemesis.ts';
import { startWorld } from '../world/world.ts';

export interface BaselineReport {
  readonly baseline: 'plain BullMQ';
  readonly cell: string;
  readonly seed: number;
  readonly rows: number;
  /** Leads that exist more than once, and the most times that one of them does. */
  readonly duplicates: number;
  readonly worst: number;
  /** Rows that the API never had and that no failed job tells of. */
  readonly lost: number;
  readonly acts: number;
}

const attempts = 6;

/**
 * The same nemesis, network and API, with plain BullMQ in the place of leadsync. On Redis only, and Redis is never flushed:
 * nothing would be left to compare.
 */
export async function playBaseline(cell: Cell, folder: string): Promise<BaselineReport> {
  const world = await startWorld(folder, cell, createRandom(cell.seed * 10 + 2), {
    script: join(import.meta.dirname, 'worker.ts'),
    args: [],
  });
  const queue = new Queue('rows', {
    connection: { host: '127.0.0.1', port: world.redis?.port ?? 0, maxRetriesPerRequest: null },
  });
  queue.on('error', () => undefined);
  try {
    const jobs = Array.from({ length: cell.rows }, (_, n) => ({
      name: 'row',
      data: { partnerLeadId: `KX0-${n}`, nif: nifOf(n) },
      opts: { jobId: `row-${n}`, attempts, backoff: { type: 'exponential', delay: 200 }, removeOnComplete: false },
    }));
    await queue.addBulk(jobs);
    const acts = cell.acts.filter((act) => act !== 'flush_redis');
    const nemesis = startNemesis(world, { ...cell, acts }, createRandom(cell.seed * 10 + 3));
    await pause(cell.seconds * 1_000);
    await nemesis.stop();
    world.api.heal();
    await untilIdle(queue, 90_000);
    const creates = world.api.truth().filter((entry) => entry.kind === 'create');
    return {
      baseline: 'plain BullMQ',
      cell: cell.name,
      seed: cell.seed,
      rows: cell.rows,
      duplicates: duplicated(creates),
      worst: worst(creates),
      lost: await lostOf(queue, jobs, new Set(creates.map(({ partnerLeadId }) => partnerLeadId))),
      acts: [...nemesis.done.values()].reduce((sum, times) => sum + times, 0),
    };
  } finally {
    await queue.close().catch(() => undefined);
    await world.stop();
  }
}

async function untilIdle(queue: Queue, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized').catch(() => ({ away: 1 }));
    if (Object.values(counts).every((count) => count === 0)) return;
    await pause(500);
  }
}

/** Some rows that were created have a failed job as well: their answer was lost. */
async function lostOf(
  queue: Queue,
  jobs: readonly { readonly data: { readonly partnerLeadId: string } }[],
  created: ReadonlySet<string>,
): Promise<number> {
  const failed = new Set(
    (await queue.getFailed()).map((job) => (job.data as { readonly partnerLeadId: string }).partnerLeadId),
  );
  return jobs.filter(({ data }) => !created.has(data.partnerLeadId) && !failed.has(data.partnerLeadId)).length;
}

function worst(creates: readonly Extract<TruthEntry, { kind: 'create' }>[]): number {
  const times = Map.groupBy(creates, ({ partnerLeadId }) => partnerLeadId);
  return Math.max(0, ...[...times.values()].map(({ length }) => length));
}
