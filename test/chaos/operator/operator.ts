import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger } from '../../../src/app/ports/ledger.ts';
import type { LedgerRow } from '../../../src/app/ports/row.ts';
import type { Resolved, Verdict } from '../../../src/app/resolve-in-doubt.ts';
import type { Random } from '../../simulation/random.ts';
import type { Cell } from '../cell.ts';
import { operatorSettings, patience } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import { openShell } from './command.ts';
import { openInsurer, type Insurer } from './insurer.ts';
import { loadProduct } from './product.ts';
import { reconcileWithListing } from './reconcile.ts';
import { recoverLedger } from './recover-ledger.ts';
import { retryJobs } from './retry-jobs.ts';

export interface OperatorFigures {
  resolved: number;
  sentAgain: number;
  refused: number;
  replayed: number;
  retried: number;
  recovered: number;
}

export interface Operator {
  readonly figures: OperatorFigures;
  stop(): Promise<void>;
}

const everyMs = 1_000;
const atATime = 400;
const retryEveryMs = 4_000;
const listingEveryMs = 6_000;
/** So long a doubt is left to the listings, where there are any: then it is judged by itself. */
const leftToListingsMs = 25_000;

/**
 * A person at the ledger, by the product's own acts. The careful one asks whether the row may be judged yet, then looks at
 * the insurer's, then judges. The careless one sends again whatever the product lets them, without a look. Both take
 * failed rows back to work, here and in the queue, and recover a ledger that is behind.
 */
export async function startOperator(world: World, cell: Cell, random: Random, checkout: string): Promise<Operator> {
  const { openDatabase, createLedger, createGapLedger, readStamp, resolveInDoubt, takeBackToWork } =
    await loadProduct(checkout);
  const database = openDatabase(world.postgres.serviceUrl(), { max: 3 });
  const ledger = createLedger(database.db);
  const gap = createGapLedger(database.db);
  const insurer = openInsurer(world.api);
  const run = openShell(world, checkout);
  const figures: OperatorFigures = { resolved: 0, sentAgain: 0, refused: 0, replayed: 0, retried: 0, recovered: 0 };
  const stopping = new AbortController();
  const isDueToRetry = every(retryEveryMs);
  const isDueToReconcile = every(listingEveryMs);
  let isBehind = false;

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      // The database may be away, or not there yet.
      await turn().catch(() => undefined);
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  async function turn(): Promise<void> {
    isBehind ||= (await gap.gaps()).length > 0;
    if (isBehind && (await recoverLedger(world, run))) {
      isBehind = false;
      figures.recovered += 1;
    }
    if (cell.listings === true && isDueToReconcile()) await reconcileWithListing(world, cell, random, run);
    for (const row of await ledger.rows({ state: 'in_doubt', limit: atATime })) await judge(row);
    for (const row of await ledger.rows({ state: 'failed', limit: atATime })) {
      const taken = await takeBackToWork(ledger, row, { actor: cell.operator, reason: 'the API is back' });
      if (taken.won) figures.replayed += 1;
    }
    const stamp = isDueToRetry() ? await readStamp(database.db) : null;
    if (stamp !== null) figures.retried += await retryJobs(world, stamp.ledgerId);
  }

  async function judge(row: LedgerRow): Promise<void> {
    if (stopping.signal.aborted || (cell.listings === true && isLeftToListings(row))) return;
    if (row.kind === 'lead' && row.fileId === null) return judgeWithoutFile(row);
    const verdict = cell.operator === 'careless' ? sendAgain : await carefulVerdict(ledger, row, insurer);
    if (verdict === null) return;
    const { kind } = await give(row, verdict);
    if (kind !== 'resolved') figures.refused += 1;
    else if (verdict.kind === 'send_again') figures.sentAgain += 1;
  }

  async function give(row: LedgerRow, verdict: Verdict): Promise<Resolved> {
    const by = { actor: cell.operator, reason: 'chaos' };
    const resolved = await resolveInDoubt({ ledger, settings: operatorSettings }, row, verdict, by);
    if (resolved.kind === 'resolved') figures.resolved += 1;
    return resolved;
  }

  /** Sent again is then the row of its file, under no verdict of its own: even the careless one has to look. */
  async function judgeWithoutFile(row: LedgerRow): Promise<void> {
    const verdict = await carefulVerdict(ledger, row, insurer);
    if (verdict !== null) await give(row, verdict.kind === 'lead_id' ? verdict : { kind: 'abandon' });
  }

  const working = work();
  return {
    figures,
    async stop() {
      stopping.abort();
      await working;
      await database.close();
    },
  };
}

const sendAgain: Verdict = { kind: 'send_again' };

/** Who looks before nothing can arrive any more has not looked. Null: later. */
async function carefulVerdict(ledger: Ledger, row: LedgerRow, insurer: Insurer): Promise<Verdict | null> {
  const { quietPeriodMs, timeoutMs: deadlineMs } = patience;
  const holder = await ledger.holderFenced(row.id, { deadlineMs, quietPeriodMs });
  if (!holder.fenced || !holder.quiet) return null;
  return insurer.verdictOn(ledger, row);
}

function isLeftToListings({ kind, intentAt }: LedgerRow): boolean {
  return kind === 'lead' && intentAt !== null && Date.now() - intentAt.getTime() < leftToListingsMs;
}

function every(ms: number): () => boolean {
  let last = performance.now();
  return () => {
    const isDue = performance.now() - last >= ms;
    if (isDue) last = performance.now();
    return isDue;
  };
}
