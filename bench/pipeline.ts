import { Redis } from 'ioredis';
import { findRedisServer } from '../src/adapters/redis/find-redis-server.ts';
import { joinPrivateRedis } from '../src/adapters/redis/private-redis.ts';
import { leadsCsv } from '../test/e2e/leads-file.ts';
import { runBareLoop } from './bare-loop.ts';
import { arrivalMs, install, type Installation } from './installation.ts';
import { withLedgerAlone } from './ledger-alone.ts';
import { startPlainBullmq } from './plain-bullmq.ts';
import { runQueueAlone } from './queue-alone.ts';
import { spanOf, startRemote, type Remote } from './remote.ts';
import { shown, type Result } from './result.ts';

export interface Size {
  readonly rounds: number;
  readonly rows: number;
}

const leadPaths = ['/client-data', '/alta-lead'];
const updatePaths = ['/update-lead'];
const concurrency = 64;

/** Milliseconds for one file of leads, from the first call that the remote sees to the last. */
async function carryLeads(installation: Installation, remote: Remote, rows: number, run: string): Promise<number> {
  await remote.takeSeen();
  await installation.carry(`leads-${run}.csv`, leadsCsv(rows, `${run}-`));
  return spanOf(await remote.takeSeen(), leadPaths);
}

/** An API that answers at once: what leadsync does for a row beside the calls alone, and beside what others would write. */
export async function measurePipeline({ rounds, rows }: Size): Promise<readonly Result[]> {
  const remote = await startRemote();
  const plain = await startPlainBullmq(remote.url, concurrency);
  const installation = await install({ url: remote.url, concurrency });
  try {
    const bare: number[] = [];
    const theirs: number[] = [];
    const queueAlone: number[] = [];
    const ours: number[] = [];
    const bareUpdates: number[] = [];
    const ourUpdates: number[] = [];
    // The first round is for the compilers.
    for (let round = 0; round <= rounds; round += 1) {
      const run = `R${round}`;
      bare.push(await runBareLoop(remote.url, rows, { paths: leadPaths, concurrency }));
      await remote.takeSeen();
      await plain.carry(rows);
      theirs.push(spanOf(await remote.takeSeen(), leadPaths));
      queueAlone.push(await runQueueAlone(rows, concurrency));
      ours.push(await carryLeads(installation, remote, rows, run));
      bareUpdates.push(await runBareLoop(remote.url, rows, { paths: updatePaths, concurrency }));
      await remote.takeSeen();
      await installation.carry(`updates-${run}.csv`, updatesCsv(rows, `${run}-`));
      ourUpdates.push(spanOf(await remote.takeSeen(), updatePaths));
    }
    const peak = await installation.peakMiB();
    await installation.close((rounds + 1) * rows * 2);
    if ((await remote.duplicates()) > 0) throw new Error('a lead was created more than once');
    const ratios = (of: readonly number[], beside: readonly number[]): number[] =>
      of.map((ms, round) => (beside[round] ?? 0) / ms).slice(1);
    const rate = (ms: readonly number[]): string => `${Math.round((rows * 1_000 * rounds) / sum(ms.slice(1)))} rows/s`;
    return [
      {
        name: 'leads end to end against a bare loop of the same two calls',
        ratios: ratios(ours, bare),
        budget: 0.25,
        bound: 'at least',
        says: `${rate(ours)} beside ${rate(bare)}, ${concurrency} calls under way`,
      },
      {
        name: 'leads end to end against plain BullMQ with four statements a row',
        ratios: ratios(ours, theirs),
        budget: 2.5,
        bound: 'at least',
        says: `${rate(ours)} beside ${rate(theirs)}`,
      },
      {
        name: 'leads end to end against the queue alone, with jobs that do nothing',
        ratios: ratios(ours, queueAlone),
        budget: null,
        bound: 'at least',
        says: `${rate(ours)} beside ${rate(queueAlone)}`,
      },
      {
        name: 'status updates against a bare loop of the same call',
        ratios: ratios(ourUpdates, bareUpdates),
        budget: 0.25,
        bound: 'at least',
        says: `${rate(ourUpdates)} beside ${rate(bareUpdates)}`,
      },
      memoryOf('a service that carries leads and updates as fast as it can', peak),
    ];
  } finally {
    await installation.abandon();
    await plain.stop();
    await remote.stop();
  }
}

/**
 * What of a lead is the ledger's: its moves and nothing else, by the two lanes of one process. No call, no queue, no file,
 * nothing opened or sealed.
 */
export async function measureLedgerAlone({ rounds, rows }: Size): Promise<Result> {
  const remote = await startRemote();
  try {
    const bare: number[] = [];
    const alone: number[] = [];
    await withLedgerAlone('alone', async (ledger) => {
      for (let round = 0; round <= rounds; round += 1) {
        bare.push(await runBareLoop(remote.url, rows, { paths: leadPaths, concurrency }));
        alone.push(await ledger.register((await ledger.read(rows)).fileId));
      }
    });
    const rate = (times: readonly number[]): number => Math.round((rows * 1_000 * rounds) / sum(times.slice(1)));
    return {
      name: 'the four moves of a lead in the ledger alone against a bare loop of its two calls',
      ratios: alone.map((ms, round) => (bare[round] ?? 0) / ms).slice(1),
      budget: null,
      bound: 'at least',
      says: `${rate(alone)} leads/s beside ${rate(bare)}, by the two lanes of one process`,
    };
  } finally {
    await remote.stop();
  }
}

/** An API that takes its time: what counts is that as many calls are under way as there may be. */
export async function measureLatency({ rounds, rows }: Size, latencyMs = 50, cap = 32): Promise<readonly Result[]> {
  const remote = await startRemote(latencyMs);
  const installation = await install({ url: remote.url, concurrency: cap });
  try {
    const spans: number[] = [];
    for (let round = 0; round <= rounds; round += 1)
      spans.push(await carryLeads(installation, remote, rows, `L${round}`));
    const peak = await installation.peakMiB();
    await installation.close((rounds + 1) * rows);
    const possible = (rows * leadPaths.length * latencyMs) / cap;
    return [
      {
        name: `leads with an API that takes ${latencyMs} ms against its cap on calls under way`,
        ratios: spans.slice(1).map((ms) => possible / ms),
        budget: 0.95,
        bound: 'at least',
        says: `${Math.round((rows * 1_000 * rounds) / sum(spans.slice(1)))} rows/s, ${cap} calls under way at most`,
      },
      memoryOf(`a service with an API that takes ${latencyMs} ms`, peak),
    ];
  } finally {
    await installation.abandon();
    await remote.stop();
  }
}

function memoryOf(what: string, peakMiB: number): Result {
  return {
    name: `peak memory of ${what}, of 256 MiB`,
    ratios: [peakMiB / 256],
    budget: 1,
    bound: 'at most',
    says: `${Math.round(peakMiB)} MiB of console, queue, reading and calls together`,
  };
}

/** What the queue holds while a large file is worked on, and how soon a small one has its result. */
export async function measureFiles(rounds: number, many: number): Promise<readonly Result[]> {
  const remote = await startRemote();
  const installation = await install({ url: remote.url, concurrency });
  try {
    const took: number[] = [];
    for (let round = 0; round <= rounds; round += 1)
      took.push((await installation.carry(`leads-S${round}.csv`, leadsCsv(1_000, `S${round}-`))) - arrivalMs);
    const queue = await watchQueue(installation.home);
    await installation.carry('leads-many.csv', leadsCsv(many, 'M-'));
    const most = await queue.stop();
    await installation.close((rounds + 1) * 1_000 + many);
    return [
      {
        name: 'from the last byte of 1,000 rows to their result file, of 5 s',
        ratios: took.slice(1).map((ms) => ms / 5_000),
        budget: 1,
        bound: 'at most',
        says: `${shown(sum(took.slice(1)) / rounds / 1_000)} s`,
      },
      {
        name: `keys in Redis during a file of ${many} rows, of the window`,
        ratios: [most / (window + rowsInProgress)],
        budget: 1.1,
        bound: 'at most',
        says: `${most} keys at most, looked at every 20 ms; the window is ${window} jobs, and ${rowsInProgress} locks`,
      },
    ];
  } finally {
    await installation.abandon();
    await remote.stop();
  }
}

/** Each has a lock beside its job. */
const rowsInProgress = concurrency * 1.5;
/** Rows of one partner that are offered to the queue at a time. */
const window = 500;

async function watchQueue(home: string): Promise<{ stop(): Promise<number> }> {
  const { url, leave } = await joinPrivateRedis({ home, binary: findRedisServer(process.env['PATH']) ?? '' });
  const redis = new Redis(url);
  const before = await redis.dbsize();
  let most = 0;
  let isWatching = true;
  const watching = (async () => {
    while (isWatching) {
      most = Math.max(most, (await redis.dbsize()) - before);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  return {
    async stop() {
      isWatching = false;
      await watching;
      redis.disconnect();
      await leave();
      return most;
    },
  };
}

/** One update for each lead of a run. */
export function updatesCsv(leads: number, prefix: string): string {
  const lines = Array.from({ length: leads }, (_, index) => `${prefix}${index + 1};101;Paso`);
  return ['partnerLeadId;estado;observacion', ...lines, ''].join('\n');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
