import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger } from '../../../src/app/ports/ledger.ts';
import type { LedgerRow } from '../../../src/app/ports/row.ts';
import type { Verdict } from '../../../src/app/resolve-in-doubt.ts';
import type { Cell } from '../cell.ts';
import { operatorSettings, patience } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import { openInsurer, type Insurer } from './insurer.ts';
import type { Product } from './product.ts';

export interface Operator {
  readonly figures: { resolved: number; sentAgain: number; refused: number; replayed: number };
  stop(): Promise<void>;
}

const everyMs = 1_000;
const atATime = 400;

/**
 * A person at the ledger, by the product's own acts. The careful one asks whether the row may be judged yet, then looks at
 * the insurer's, then judges. The careless one sends again whatever the product lets them, without a look. Both take
 * failed rows back to work.
 */
export function startOperator(world: World, cell: Cell, product: Product): Operator {
  const { openDatabase, createLedger, resolveInDoubt, takeBackToWork } = product;
  const database = openDatabase(world.postgres.url(), 3);
  const ledger = createLedger(database.db);
  const insurer = openInsurer(world.api);
  const figures = { resolved: 0, sentAgain: 0, refused: 0, replayed: 0 };
  const stopping = new AbortController();

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      // The database may be away, or not there yet.
      await turn().catch(() => undefined);
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  async function turn(): Promise<void> {
    for (const row of await ledger.rows({ state: 'in_doubt', limit: atATime })) await judge(row);
    for (const row of await ledger.rows({ state: 'failed', limit: atATime })) {
      const taken = await takeBackToWork(ledger, row, { actor: cell.operator, reason: 'the API is back' });
      if (taken.won) figures.replayed += 1;
    }
  }

  async function judge(row: LedgerRow): Promise<void> {
    if (stopping.signal.aborted) return;
    const verdict = cell.operator === 'careless' ? sendAgain : await carefulVerdict(ledger, row, insurer);
    if (verdict === null) return;
    const by = { actor: cell.operator, reason: 'chaos' };
    const resolved = await resolveInDoubt({ ledger, settings: operatorSettings }, row, verdict, by);
    if (resolved.kind !== 'resolved') figures.refused += 1;
    else {
      figures.resolved += 1;
      if (verdict.kind === 'send_again') figures.sentAgain += 1;
    }
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
