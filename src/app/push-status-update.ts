import type { UpdateAnswer } from '../domain/call-outcome.ts';
import type { FaultCode } from '../domain/faults.ts';
import { mayArriveLate } from '../domain/late-arrival.ts';
import type { Partner } from '../domain/partner.ts';
import { answerableUpdateStates } from '../domain/status-update.ts';
import { attemptEndOf } from './attempt-end.ts';
import { backOff } from './back-off.ts';
import { callInPlace } from './call-in-place.ts';
import { idempotencyKeyOf } from './own-ids.ts';
import { postpone, refuse } from './judge-outcome.ts';
import { endByLateAnswer } from './end-by-late-answer.ts';
import { keepWriting } from './keep-writing.ts';
import { leadForUpdate, type LeadOfTurn } from './lead-for-update.ts';
import type { CallPorts, Ports } from './ports.ts';
import type { JobContext, JobEnd } from './ports/job-queue.ts';
import type { CallResult } from './ports/leads-api.ts';
import type { LedgerRow, UpdatePayload } from './ports/row.ts';
import type { MoveResult, RowMove } from './ports/row-moves.ts';
import { releaseIntent } from './release-intent.ts';
import { endRetriedJob } from './retried-job.ts';
import { openUpdate } from './row-payload.ts';
import { sealText } from './seal-text.ts';
import { startSendBudget } from './send-budget.ts';
import { spooled } from './spooled.ts';
import { untilStopping } from './until-stopping.ts';
import { leaveIfSuppressed } from './suppressed.ts';
import { offerRows } from './offer-rows.ts';
import { waitAtMost } from './wait-at-most.ts';

export type PushPorts = CallPorts & Pick<Ports, 'log' | 'partners' | 'queue' | 'spool' | 'suppressions'>;

/**
 * Takes one status update as far as it can go now: its lead must be registered, every update that goes before it ended,
 * and at most one is on its way. When it ends, the next of the same lead is offered at once.
 */
export async function pushStatusUpdate(
  ports: PushPorts,
  job: { readonly rowId: string; readonly version: number },
  context: JobContext,
): Promise<JobEnd> {
  try {
    return await untilStopping(ports, () => pushAsFarAsItGoes(ports, job, context));
  } finally {
    await ports.traffic.giveBack(job.rowId);
  }
}

async function pushAsFarAsItGoes(
  ports: PushPorts,
  job: { readonly rowId: string },
  context: JobContext,
): Promise<JobEnd> {
  for (;;) {
    const row = await ports.ledger.row(job.rowId);
    if (row === null) return { kind: 'done', outcome: 'gone' };
    if (row.state !== 'received' && row.state !== 'waiting') {
      const end =
        row.state === 'pushing'
          ? ({ kind: 'done', outcome: 'pushing' } as const)
          : await endRetriedJob(ports, row, context);
      if (end === null) continue;
      await offerNext(ports, row);
      return end;
    }
    if (row.isHeldBack === true) return { kind: 'done', outcome: 'held' };
    const partner = ports.partners.get(row.partner);
    if (partner === null) return { kind: 'done', outcome: 'no_config' };
    if (await leaveIfSuppressed(ports, row)) return { kind: 'done', outcome: 'suppressed' };
    const result = await takeTurn(ports, row, partner);
    if (!result.won) return { kind: 'done', outcome: result.why };
    ports.log.event('rowMoved', { rowId: row.id, from: row.state, to: result.state, code: null });
    if (result.state === 'waiting') return { kind: 'done', outcome: 'waiting' };
    // Those that fail their job are read once more.
    if (result.state === 'failed' || result.state === 'in_doubt') continue;
    await offerNext(ports, row);
    return { kind: 'done', outcome: result.state };
  }
}

async function offerNext(ports: PushPorts, ended: LedgerRow): Promise<void> {
  const next = await ports.ledger.nextUpdateOf(ended);
  // One that nobody has begun is in the queue or comes there in its turn.
  if (next?.isWaiting === true) await offerRows(ports, 'update', [next]);
}

async function takeTurn(ports: PushPorts, row: LedgerRow, partner: Partner): Promise<MoveResult> {
  const update = await openUpdate(ports.vault, row);
  const lead = await leadForUpdate(ports, row, update, partner);
  switch (lead.kind) {
    case 'push':
      return push(ports, row, update, lead);
    case 'wait':
      return endWithout(ports, row, 'waiting', lead.code, lead);
    case 'reject':
      return endWithout(ports, row, 'rejected', lead.code, lead);
    case 'suppressed':
      // What it says of them is erased with it.
      await ports.suppressions.leaveRow(row.id, lead.erasure);
      return endWithout(ports, row, 'rejected', 'ROW_SUPPRESSED', lead);
    case 'superseded':
      return endWithout(ports, row, 'superseded', lead.code, lead);
    case 'repeat':
      return endWithout(ports, row, 'duplicate', 'ROW_UPDATE_REPEATED', lead);
  }
}

function endWithout(
  ports: PushPorts,
  row: LedgerRow,
  to: 'waiting' | 'rejected' | 'duplicate' | 'superseded',
  code: FaultCode,
  lead: { readonly leadRow?: string; readonly forMs?: number },
): Promise<MoveResult> {
  const dueInMs = Math.min(waitAtMost(ports.settings, row.ageMs), lead.forMs ?? Infinity);
  // Waiting on for the same reason is no event: only its next look is put off, and nothing is counted or audited twice.
  const isWaitingOn = to === 'waiting' && row.state === 'waiting' && row.code === code;
  return ports.ledger.move({
    rowId: row.id,
    from: [row.state],
    fence: row.fence,
    version: row.version,
    to: isWaitingOn ? null : to,
    ...(to === 'waiting' ? { dueInMs } : {}),
    set: {
      step: to === 'waiting' ? 'push' : null,
      code,
      ...(to === 'rejected' ? { problems: [{ code }] } : {}),
      ...(lead.leadRow === undefined ? {} : { leadRow: lead.leadRow }),
    },
    audit: isWaitingOn ? null : { action: 'row.judged', actor: ports.instance, code },
  });
}

async function push(
  ports: PushPorts,
  row: LedgerRow,
  update: UpdatePayload,
  lead: Extract<LeadOfTurn, { kind: 'push' }>,
): Promise<MoveResult> {
  if ((await ports.traffic.admit(row, 'push')).kind === 'stopped') return { won: false, why: 'stopped' };
  const turn = await ports.gate.enter(ports.stopping);
  try {
    const attemptId = ports.clock.newId();
    const budget = startSendBudget(ports.clock, ports.settings.sendBudgetMs);
    const intent = await writeIntent(ports, row, attemptId, lead);
    if (!intent.won) {
      return intent.why === 'taken' ? endWithout(ports, row, 'waiting', 'ROW_UPDATE_HELD', lead) : intent;
    }
    const call = () =>
      ports.api.updateLead(
        { leadId: lead.leadId, estado: update.estado, observacion: update.observacion },
        {
          attemptId,
          idempotencyKey: idempotencyKeyOf(ports.settings, row),
          maySend: () => !ports.ending.aborted && budget.maySend(),
        },
      );
    const result = await spooled(ports, { row, fence: intent.fence, attemptId, step: 'push' }, () =>
      callInPlace(ports, { turn, budget }, call),
    );
    turn.leave();
    const { isOutage, tell } = ports.traffic.ended({ row, endpoint: 'updateLead', subject: '', result });
    const isAnswered = result.outcome.kind === 'answered';
    const answer: Omit<RowMove, 'attempt'> = {
      rowId: row.id,
      from: isAnswered ? answerableUpdateStates : ['pushing'],
      fence: intent.fence,
      ...(await judge(ports, row, result, isOutage)),
      end: attemptEndOf({ attemptId, result }),
      audit: {
        action: 'row.answered',
        actor: ports.instance,
        code: 'code' in result.outcome ? result.outcome.code : null,
      },
    };
    const written = await keepWriting(ports.ledger, { ...answer, attempt: attemptId }, ports.ending);
    await tell();
    return isAnswered && !written.won ? endByLateAnswer(ports.ledger, row, answer) : written;
  } finally {
    turn.leave();
  }
}

async function writeIntent(
  ports: PushPorts,
  row: LedgerRow,
  attemptId: string,
  lead: Extract<LeadOfTurn, { kind: 'push' }>,
): Promise<MoveResult> {
  try {
    return await ports.ledger.move({
      rowId: row.id,
      from: [row.state],
      fence: row.fence,
      version: row.version,
      to: 'pushing',
      newFence: true,
      set: {
        holder: ports.instance,
        leadId: lead.leadId,
        ...(lead.leadRow === undefined ? {} : { leadRow: lead.leadRow }),
      },
      begin: { attemptId, step: 'push', instance: ports.instance },
      audit: { action: 'row.intent', actor: ports.instance },
    });
  } catch (error) {
    await releaseIntent(ports, { rowId: row.id, fence: row.fence + 1, attemptId, state: 'pushing', step: 'push' });
    throw error;
  }
}

type Judged = Pick<RowMove, 'to' | 'set' | 'dueInMs' | 'mayArriveForMs'>;

/**
 * Setting the same estado twice is taken as harmless, so what is ambiguous is sent again. Newer updates wait meanwhile, and
 * until nothing of the ambiguous request can arrive any more: it would set the lead back.
 */
async function judge(
  ports: PushPorts,
  row: LedgerRow,
  result: CallResult<UpdateAnswer>,
  isOutage: boolean,
): Promise<Judged> {
  const { outcome } = result;
  switch (outcome.kind) {
    case 'answered':
      return {
        to: 'pushed',
        set: { code: null, step: null, message: await sealText(ports.vault, row, outcome.answer.message) },
      };
    case 'refused':
      return refuse(ports, row, outcome);
    case 'ambiguous': {
      const mayArriveForMs = mayArriveLate(result) ? ports.settings.quietPeriodMs : 0;
      const later = backOff(ports, row, 'push', 'API_UNAVAILABLE', { kind: isOutage ? 'outage' : 'unreached' });
      // Out of tries it may have been applied all the same: that is doubt, not failure.
      return later.to === 'failed'
        ? { to: 'in_doubt', set: { step: null, code: 'API_NO_ANSWER' }, mayArriveForMs }
        : { ...later, mayArriveForMs };
    }
    default:
      return postpone(ports, row, 'push', outcome, isOutage);
  }
}
