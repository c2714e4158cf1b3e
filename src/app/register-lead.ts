import { checkClient } from './check-client.ts';
import { endRetriedJob } from './retried-job.ts';
import type { Ports } from './ports.ts';
import type { JobContext, JobEnd } from './ports/job-queue.ts';
import type { LedgerRow, RowState } from './ports/row.ts';
import type { MoveResult } from './ports/row-moves.ts';
import { submitLead, type SubmitPorts } from './submit-lead.ts';
import { leaveIfSuppressed } from './suppressed.ts';
import { untilStopping } from './until-stopping.ts';

export type RegisterPorts = SubmitPorts & Pick<Ports, 'partners' | 'suppressions'>;

/**
 * Takes one lead row through its state machine as far as it can go now, each step committed before the next begins. The
 * queue only says who works; whether anything is sent is decided by each step's compare-and-set, so the job may be
 * repeated, delivered twice or arrive late.
 */
export async function registerLead(
  ports: RegisterPorts,
  job: { readonly rowId: string; readonly version: number },
  context: JobContext,
): Promise<JobEnd> {
  try {
    return await untilStopping(ports, () => registerAsFarAsItGoes(ports, job, context));
  } finally {
    await ports.traffic.giveBack(job.rowId);
  }
}

async function registerAsFarAsItGoes(
  ports: RegisterPorts,
  job: { readonly rowId: string; readonly version: number },
  context: JobContext,
): Promise<JobEnd> {
  for (;;) {
    const row = await ports.ledger.row(job.rowId);
    if (row === null) return { kind: 'done', outcome: 'gone' };
    // A late job of an earlier round must not cut a back-off short.
    if (row.state === 'waiting' && row.version !== job.version) return { kind: 'done', outcome: 'moved_on' };
    const step = nextStep(row.state);
    if (step === null) {
      const replayed = await endRetriedJob(ports, row, context);
      if (replayed === null) continue;
      return replayed;
    }
    // Before it takes a place at the gate: a held file's jobs must not use up the rate of the others.
    if (row.isHeldBack === true) return { kind: 'done', outcome: 'held' };
    // It may have been read before its person came on the list.
    if (await leaveIfSuppressed(ports, row)) return { kind: 'done', outcome: 'suppressed' };
    const result = await take(ports, row, step);
    if (result.won) {
      ports.log.event('rowMoved', { rowId: row.id, from: row.state, to: result.state, code: null });
      if (needsNoFurtherLook(result.state)) return { kind: 'done', outcome: result.state };
    } else if (result.why !== 'taken') {
      return { kind: 'done', outcome: result.why };
    }
  }
}

type WorkStep = 'wake' | 'check' | 'create';

function nextStep(state: RowState): WorkStep | null {
  switch (state) {
    case 'received':
      return 'check';
    case 'checked':
      return 'create';
    case 'waiting':
      return 'wake';
    default:
      return null;
  }
}

/** Those that fail their job are read once more, and what has a step before it goes on. */
function needsNoFurtherLook(state: RowState): boolean {
  if (state === 'waiting') return true;
  return nextStep(state) === null && state !== 'failed' && state !== 'in_doubt';
}

function take(ports: RegisterPorts, row: LedgerRow, step: WorkStep): Promise<MoveResult> {
  if (step === 'wake') return wake(ports, row);
  const partner = ports.partners.get(row.partner);
  // Without its config the row stays due; the feeder offers it again.
  if (partner === null) return Promise.resolve({ won: false, why: 'moved_on' });
  return step === 'check' ? checkClient(ports, row, partner) : submitLead(ports, row, partner);
}

/**
 * waiting → received or checked, by the step it waits for. The feeder offers a row only when it is due by the database's
 * clock. One that could not call now stays as it is.
 */
async function wake(ports: RegisterPorts, row: LedgerRow): Promise<MoveResult> {
  const { kind } = await ports.traffic.admit(row, row.step ?? 'check');
  if (kind === 'stopped') return { won: false, why: 'stopped' };
  return ports.ledger.move({
    rowId: row.id,
    from: ['waiting'],
    fence: row.fence,
    version: row.version,
    to: row.step === 'create' ? 'checked' : 'received',
    dueInMs: 0,
    audit: { action: 'row.due', actor: ports.instance },
  });
}
