import { eventually } from '../support/eventually.ts';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { ApiFault } from '../chaos/api/fault-plan.ts';
import type { Cell } from '../chaos/cell.ts';
import { startNemesis } from '../chaos/nemesis/nemesis.ts';
import { startOperator } from '../chaos/operator/operator.ts';
import { heal, untilWorking } from '../chaos/play.ts';
import { lookAtProgress } from '../chaos/quiescence.ts';
import { startWorld, type World } from '../chaos/world/world.ts';
import { drop } from '../e2e/leads-file.ts';
import { createRandom } from '../simulation/random.ts';
import { check, countRepeats, effectsOf, type Wrong } from './check.ts';
import { gather } from './gather.ts';
import {
  foreignFile,
  leadsFile,
  owner,
  partnerConfigs,
  stranger,
  updateFiles,
  type StormFile,
  type StormSize,
} from './storm-files.ts';

export interface Storm extends StormSize {
  readonly seed: number;
  readonly workers: number;
  /** Share of update requests that meet a fault of the API. */
  readonly faults: number;
  /** Between two kills or pauses of a worker, ms. Null: there are none. */
  readonly everyMs: readonly [number, number] | null;
  /** From the first file of updates on, s. */
  readonly withinSeconds: number;
}

export interface StormReport {
  readonly storm: Storm;
  readonly wrong: readonly Wrong[];
  /** How the rows of updates have ended. */
  readonly ends: Readonly<Record<string, number>>;
  readonly effects: number;
  readonly repeats: { readonly afterFault: number; readonly afterKill: number };
  readonly faults: Readonly<Record<string, number>>;
  readonly acts: Readonly<Record<string, number>>;
  readonly operator: { readonly resolved: number; readonly replayed: number };
  readonly leadsSeconds: number;
  /** From the first file of updates to the moment when nothing was left to do. */
  readonly updatesSeconds: number;
  readonly updatesPerSecond: number;
}

/** What the API does to updates: each leaves the caller without an answer, with a wrong one, or told to come back. */
const updateFaults: readonly ApiFault[] = [
  'reset_before',
  'reset_after',
  'fin_after',
  'gone_then_after',
  'silent_after',
  'truncated_after',
  'error_500_before',
  'error_500_after',
  'error_503_empty_after',
  'rate_limited',
  'unavailable',
  'slow',
];
/** Leads that come when the updates are under way, and leads of the other partner. */
const lateShare = 0.2;
const strangers = 20;
/** What the API sees between two kills or pauses at least. */
const callsBetween = 10;

/** Plays one storm from an empty ledger to the checker's verdict. Everything of it lies in `folder`. */
export async function playStorm(
  storm: Storm,
  { folder, checkout, say = () => undefined }: { folder: string; checkout: string; say?: (line: string) => void },
): Promise<StormReport> {
  const { seed, variant } = storm;
  const [forFiles, forWorld, forNemesis] = [1, 2, 3].map((stream) => createRandom(seed * 10 + stream)) as [
    ReturnType<typeof createRandom>,
    ReturnType<typeof createRandom>,
    ReturnType<typeof createRandom>,
  ];
  const cell: Cell = {
    name: `storm, ${variant}`,
    seed,
    backend: 'redis',
    rows: storm.leads * storm.each,
    files: storm.files,
    ailments: Array.from({ length: storm.workers }, () => 'none' as const),
    faults: { check: 0, write: storm.faults, writeFaults: updateFaults, writePath: '/update-lead' },
    acts: storm.everyMs === null ? [] : ['kill_worker', 'pause_worker', 'kill_worker'],
    everyMs: storm.everyMs ?? [1_000, 1_000],
    seconds: storm.withinSeconds,
    operator: 'careful',
  };
  const lateLeads = Math.ceil(storm.leads * lateShare);
  const early = leadsFile(owner, 'leads-1.csv', 1, storm.leads - lateLeads);
  const late = leadsFile(owner, 'leads-2.csv', storm.leads - lateLeads + 1, lateLeads);
  // The same people and the same ids, at another partner: other leads.
  const others = leadsFile(stranger, 'leads.csv', 1, Math.min(strangers, storm.leads));
  const updates = updateFiles(owner, storm, forFiles);
  const othersUpdates = updateFiles(stranger, { ...storm, leads: others.lines.length, files: 2 }, forFiles);

  const world = await startWorld(
    folder,
    cell,
    forWorld,
    {
      script: `${checkout}/src/main/cli.ts`,
      args: ['run', '--roles', 'intake,worker'],
      isMigrated: true,
      env: { LOG_LEVEL: 'info', LEADS_API_CONCURRENCY: '32' },
    },
    partnerConfigs(variant),
  );
  const operator = await startOperator(world, cell, createRandom(seed * 10 + 4), checkout);
  const dropped: StormFile[] = [];
  const give = async (file: StormFile): Promise<void> => {
    await drop(join(world.home, 'inbox'), file.partner, file.name, file.text);
    dropped.push(file);
  };
  try {
    await untilWorking(world, 60_000);
    const begun = performance.now();
    await give(early);
    await give(others);
    await untilRegistered(world, early.lines.length + others.lines.length, storm.withinSeconds);
    const leadsMs = performance.now() - begun;
    say(`leads after ${seconds(leadsMs)} s`);

    const started = performance.now();
    const nemesis = startNemesis(world, cell, forNemesis, { callsBetween });
    const foreign = foreignFile(
      world.api
        .truth()
        .flatMap((entry) => (entry.kind === 'create' && entry.partner === 'Test' ? [entry.leadId] : []))
        .slice(0, 200),
    );
    const files = [...updates.slice(0, 1), ...othersUpdates, foreign, ...updates.slice(1)];
    const middle = files.length >> 1;
    for (const [index, file] of files.entries()) {
      await give(file);
      if (index === middle) await give(late);
      // By arrival: one comes when the one before it has been seen. By date they may come as they like.
      if (variant === 'strict') await untilKnown(world, dropped.length, storm.withinSeconds);
    }
    const deadline = started + storm.withinSeconds * 1_000;
    await untilLeft(world, dropped, 0.05, deadline, say);
    if (storm.everyMs !== null) await eventually('an act of the nemesis', async () => nemesis.done.size > 0);
    await nemesis.stop();
    await heal(world);
    const isQuiet = await untilLeft(world, dropped, 0, deadline + 120_000, say);
    const updatesMs = performance.now() - started;
    await operator.stop();
    const exits = await Promise.all(world.workers.map((worker) => worker.stop(15_000)));
    const evidence = await gather(world, variant, dropped);
    const ends = Map.groupBy(
      evidence.rows.filter(({ kind }) => kind === 'update'),
      ({ state }) => state,
    );
    const lines = evidence.rows.filter(({ kind }) => kind === 'update').length;
    return {
      storm,
      wrong: [
        ...check(evidence),
        ...(isQuiet ? [] : [{ rule: 'accounted' as const, detail: 'work was left when time was up' }]),
        ...exits
          .filter((code) => code !== 0)
          .map((code) => ({ rule: 'accounted' as const, detail: `a worker ended with ${code}` })),
      ],
      ends: Object.fromEntries([...ends].map(([state, rows]) => [state, rows.length])),
      effects: effectsOf(evidence).length,
      repeats: countRepeats(evidence),
      faults: tally(evidence.truth.flatMap((entry) => (entry.kind === 'fault' ? [entry.fault] : []))),
      acts: Object.fromEntries(nemesis.done),
      operator: operator.figures,
      leadsSeconds: seconds(leadsMs),
      updatesSeconds: seconds(updatesMs),
      updatesPerSecond: Math.round((lines * 1_000) / updatesMs),
    };
  } finally {
    await operator.stop();
    await world.stop();
  }
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

function tally(names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}

async function count(world: World, query: string): Promise<number> {
  const client = new pg.Client({ connectionString: world.postgres.url() });
  await client.connect();
  try {
    return (await client.query<{ n: number }>(query)).rows[0]?.n ?? 0;
  } finally {
    await client.end();
  }
}

async function until(what: string, withinSeconds: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + withinSeconds * 1_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinSeconds} s`);
    await pause(500);
  }
}

function untilRegistered(world: World, leads: number, withinSeconds: number): Promise<void> {
  const query = `select count(*)::int as n from ledger_row where kind = 'lead' and state = 'registered'`;
  return until(`${leads} leads`, withinSeconds, async () => (await count(world, query)) === leads);
}

function untilKnown(world: World, files: number, withinSeconds: number): Promise<void> {
  return until(
    `${files} files`,
    withinSeconds,
    async () => (await count(world, 'select count(*)::int as n from file')) >= files,
  );
}

/** Until all rows are read and no more than this share has work before it; where it is none, every file is settled. */
async function untilLeft(
  world: World,
  dropped: readonly StormFile[],
  share: number,
  deadline: number,
  say: (line: string) => void,
): Promise<boolean> {
  const files = dropped.length;
  const lines = dropped.reduce((sum, file) => sum + file.lines.length, 0);
  for (let look = 1; performance.now() < deadline; look += 1) {
    const progress = await lookAtProgress(world);
    if (progress !== null && progress.rows >= lines) {
      const { restless, rows, settled } = progress;
      if (look % 10 === 0) say(`${restless} of ${rows} rows left, ${settled} of ${files} files settled`);
      if (share > 0 ? restless <= rows * share : restless === 0 && settled === files) return true;
    }
    await pause(1_000);
  }
  return false;
}
