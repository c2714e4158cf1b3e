import { setTimeout as pause } from 'node:timers/promises';
import { createRandom, type Random } from '../simulation/random.ts';
import type { Cell } from './cell.ts';
import { check } from './checker/check.ts';
import { gather } from './checker/gather.ts';
import { startNemesis } from './nemesis/nemesis.ts';
import { openDataProtection } from './operator/data-protection.ts';
import { startOperator } from './operator/operator.ts';
import { lookAtProgress, untilQuiet } from './quiescence.ts';
import { makeReport, type ChaosReport } from './report.ts';
import { bringBackFromBackup } from './restoration.ts';
import { dropFile, forgetfulConfig, partner, partnerConfig, writeFiles } from './world/partner-files.ts';
import { watchTaken } from './world/witness.ts';
import { startWorld, type World } from './world/world.ts';

/** After healing: the longest pause of a worker's back-off here, the sweeper's patience, the quiet period, and the rest … */
const quietWithinMs = 120_000;
/** … and for each row that is not done by then. A machine that others use does several times as many. */
const quietWithinMsARow = 50;

export interface PlayOptions {
  /** Everything of the cell lies here; what is there is removed first. */
  readonly folder: string;
  /** The checkout whose service is run. */
  readonly checkout: string;
}

/** Plays one cell from an empty ledger to the checker's verdict. */
export async function play(cell: Cell, { folder, checkout }: PlayOptions): Promise<ChaosReport> {
  // Each has a stream of its own: how often the network was asked must not change what the nemesis does.
  const streamOf = (stream: number): Random => createRandom(cell.seed * 10 + stream);
  const isRestored = cell.restores === true;
  const files = writeFiles({ rows: cell.rows, files: cell.files, isLastLate: isRestored }, streamOf(1));
  const late = isRestored ? files.at(-1) : undefined;
  const persons = cell.erasures ?? 0;
  const world = await startWorld(
    folder,
    cell,
    streamOf(2),
    { script: `${checkout}/src/main/cli.ts`, args: ['run', '--roles', 'intake,worker'], isMigrated: true },
    { [partner]: persons > 0 ? forgetfulConfig : partnerConfig },
  );
  const operator = await startOperator(world, cell, streamOf(4), checkout);
  const protection = persons > 0 ? openDataProtection(world, { files, persons }, streamOf(5), checkout) : null;
  try {
    await untilWorking(world, 60_000);
    if (protection !== null) await watchTaken(world);
    const started = performance.now();
    for (const file of files) if (file !== late) await dropFile(world.home, file);
    await untilCalled(world, 20_000);
    const nemesis = startNemesis(world, cell, streamOf(3));
    protection?.begin();
    const raging = performance.now();
    const restoredAtMs = late === undefined ? null : await bringBackFromBackup(world, cell, late);
    await untilDone(world, files.length, cell.seconds * 1_000, raging);
    await nemesis.stop();
    await heal(world);
    const left = cell.rows - ((await lookAtProgress(world))?.ended ?? 0);
    const quietMs = await untilQuiet(
      world,
      files,
      quietWithinMs + Math.max(0, left) * quietWithinMsARow,
      () => protection?.isDone() ?? true,
    );
    const tookMs = performance.now() - started;
    await Promise.all([operator.stop(), protection?.stop()]);
    await protection?.lastNight();
    const exits = await Promise.all(world.workers.map((worker) => worker.stop(15_000)));
    const evidence = await gather(world, {
      files,
      operator: cell.operator,
      restoredAtMs,
      erased: protection?.erased ?? [],
    });
    return makeReport({
      cell,
      evidence,
      wrong: [
        ...check(evidence),
        ...exits
          .filter((code) => code !== 0)
          .map((code) => ({ rule: 'nothing stuck' as const, detail: `a worker ended with ${code} when told to stop` })),
      ],
      acts: nemesis.done,
      operator: operator.figures,
      exits: world.exits(),
      quietMs,
      tookMs,
    });
  } finally {
    await Promise.all([operator.stop(), protection?.stop()]);
    await world.stop();
  }
}

export async function untilWorking(world: World, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while ((await lookAtProgress(world)) === null) {
    if (performance.now() > deadline) throw new Error('no worker has made the ledger ready');
    await pause(200);
  }
}

/** Work is under way, so that the nemesis has something to hit. */
async function untilCalled(world: World, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (world.api.truth().length < 10 && performance.now() < deadline) await pause(50);
}

/** The nemesis rages at least so long, and until most rows have been through it; three times as long at most. */
async function untilDone(world: World, files: number, leastMs: number, raging: number): Promise<void> {
  for (;;) {
    await pause(1_000);
    const passed = performance.now() - raging;
    if (passed < leastMs) continue;
    const progress = await lookAtProgress(world);
    const isDone = progress !== null && progress.settled >= files - 3;
    if (isDone || passed > 3 * leastMs) return;
  }
}

/** No more faults, and every way is open. */
export async function heal(world: World): Promise<void> {
  world.api.heal();
  world.connectProxy?.heal();
  await Promise.all([world.ways.api.heal(), world.ways.postgres.heal(), world.ways.redis?.heal()]);
}
