import { resolveInDoubt, type Verdict } from '../../src/app/resolve-in-doubt.ts';
import { takeBackToWork } from '../../src/app/take-back-to-work.ts';
import { openLead } from '../../src/app/row-payload.ts';
import type { Ledger } from '../../src/app/ports/ledger.ts';
import type { LedgerRow } from '../../src/app/ports/row.ts';
import { ledgerOfProcess } from './ledger-of-process.ts';
import { settings } from './limits.ts';
import { plainVault } from './plain-vault.ts';
import { pause, type Surroundings } from './service.ts';
import { ledgerOfOperatorWithout } from './without.ts';

/**
 * `careful`: once the product would let a row be sent again, asks the insurer, and sends again only what is not there.
 * `careless`: resends whatever the product lets them resend, without asking anybody.
 */
export type Temper = 'careful' | 'careless';

export interface Operator {
  /** From now on every doubt is ended and every failure replayed. */
  cleanUp(): void;
}

const by = { actor: 'cli:person', reason: 'asked the insurer' };

/** What a replay would take back to work (adapters/ledger/replays.ts). */
function isSafe({ kind, state, version, code }: LedgerRow): boolean {
  if (state === 'cancelled') return kind === 'lead' && code === 'ROW_CANCELLED';
  return state !== 'rejected' || version > 0;
}

/** A person at the command line, now and then. */
export function seatOperator(
  around: Surroundings,
  temper: Temper,
  { replaysRefusedUpdates }: { readonly replaysRefusedUpdates: boolean },
): Operator {
  const { world, api, queue } = around;
  const { random } = world;
  const process = world.newProcess('operator');
  const ledger = ledgerOfOperatorWithout(ledgerOfProcess(world, process, around.ledger), around.without);
  let isCleaningUp = false;

  async function act(): Promise<void> {
    const inDoubt = await ledger.rows({ state: 'in_doubt', limit: 20 });
    const withoutId = await ledger.rows({ state: 'registered_without_id', limit: 20 });
    for (const row of [...inDoubt, ...withoutId]) {
      if (!isCleaningUp && random.chance(0.5)) continue;
      const verdict = await verdictOn(ledger, row);
      if (verdict !== null) await resolveInDoubt({ ledger, settings }, row, verdict, by);
    }
    if (isCleaningUp || random.chance(0.4)) {
      const state = random.chance(0.8) ? 'failed' : random.pick(['rejected', 'not_managed', 'cancelled']);
      for (const row of await ledger.rows({ state, limit: 20 })) {
        const isWanted = replaysRefusedUpdates || row.kind === 'lead' || row.state !== 'rejected';
        if (isWanted && isSafe(row)) await takeBackToWork(ledger, row, by);
      }
    }
    const failedJobs = queue.failedJobs();
    if (failedJobs.length > 0 && random.chance(0.4)) {
      const job = random.pick(failedJobs);
      await queue.clientOf(process).retry(job.name, job.id);
    }
  }

  async function verdictOn(asked: Ledger, row: LedgerRow): Promise<Verdict | null> {
    if (row.kind === 'update') return random.pick<Verdict>([{ kind: 'send_again' }, { kind: 'cancel' }]);
    if (temper === 'careless' && random.chance(0.7)) return { kind: 'send_again' };
    const rule = { deadlineMs: settings.callDeadlineMs, quietPeriodMs: settings.quietPeriodMs };
    const { fenced, quiet } = await asked.holderFenced(row.id, rule);
    if (!fenced || !quiet) return null;
    // Only now: a list that was made before the last possible moment of arrival proves nothing.
    const { partnerLeadId } = await openLead(plainVault, row);
    await pause(world, process, random.between(0, 2_000));
    const known = api.created.filter((lead) => lead.partnerLeadId === partnerLeadId);
    const [first] = known;
    if (first === undefined) return random.chance(0.9) ? { kind: 'send_again' } : { kind: 'abandon' };
    if (!isCleaningUp && random.chance(0.1)) return { kind: 'no_id' };
    return { kind: 'lead_id', leadId: first.leadId };
  }

  async function sit(): Promise<void> {
    for (;;) {
      await pause(world, process, isCleaningUp ? 2_000 : random.between(1_000, 12_000));
      await act().catch(() => undefined);
    }
  }

  world.laterIn(process, 0, () => void sit());
  return {
    cleanUp: () => {
      isCleaningUp = true;
    },
  };
}
