import type { AfterCheck } from '../domain/after-check.ts';
import type { CallOutcome, LeadAnswer } from '../domain/call-outcome.ts';
import type { FaultCode } from '../domain/faults.ts';
import type { LeadFields } from '../domain/lead.ts';
import type { Partner } from '../domain/partner.ts';
import { attemptEndOf } from './attempt-end.ts';
import { backOff, type BackOff } from './back-off.ts';
import { callInPlace } from './call-in-place.ts';
import { isRepeat } from './is-repeat.ts';
import { idempotencyKeyOf } from './own-ids.ts';
import type { Try } from './in-call-retry.ts';
import { postpone, refuse } from './judge-outcome.ts';
import { keepWriting } from './keep-writing.ts';
import { leadToCreate } from './lead-to-create.ts';
import type { CallPorts, Ports } from './ports.ts';
import type { LedgerRow } from './ports/row.ts';
import type { MoveResult, RowMove } from './ports/row-moves.ts';
import { releaseIntent } from './release-intent.ts';
import { openLead } from './row-payload.ts';
import { sealText } from './seal-text.ts';
import { startSendBudget } from './send-budget.ts';
import { spooled } from './spooled.ts';
import { withoutControls } from './without-controls.ts';

export type SubmitPorts = CallPorts & Pick<Ports, 'log' | 'spool'>;

/**
 * checked → submitting → registered, rejected, waiting or in_doubt: creates the lead. The one call that can't be
 * repeated and can't be looked up, so the order is fixed:
 *
 *   1. in at the gate             waiting for that must not age the intent
 *   2. THE INTENT is committed    state, fence + 1, holder and attempt, before any byte leaves
 *   3. the request                noted in the spool, then given its place; held back in the socket write's own tick once the
 *                                 intent is too old
 *   4. the answer is committed    through any outage of the database; until then it exists only here and in the spool
 */
export async function submitLead(ports: SubmitPorts, row: LedgerRow, partner: Partner): Promise<MoveResult> {
  if (row.checkAgeMs === null || row.checkAgeMs > ports.settings.checkValidForMs) {
    return isRepeat(row) ? stopRepeating(ports, row) : checkAgain(ports, row, 'row.check_too_old');
  }
  const next = leadToCreate(ports.settings, row, await openLead(ports.vault, row), partner);
  if (next.kind !== 'create') return isRepeat(row) ? stopRepeating(ports, row) : notToCreate(ports, row, next);

  const admission = await ports.traffic.admit(row, 'create');
  if (admission.kind === 'stopped') return { won: false, why: 'stopped' };
  if (admission.kind === 'ask_first') return checkAgain(ports, row, 'row.check_as_probe');

  const { lead } = next;
  const turn = await ports.gate.enter(ports.stopping);
  try {
    const attemptId = ports.clock.newId();
    const budget = startSendBudget(ports.clock, ports.settings.sendBudgetMs);
    const intent = await writeIntent(ports, row, attemptId, lead, next.warnings);
    if (!intent.won) return intent;

    const call = () =>
      ports.api.createLead(lead, {
        attemptId,
        idempotencyKey: idempotencyKeyOf(ports.settings, row),
        maySend: () => !ports.ending.aborted && budget.maySend(),
      });
    // Noted before it waits: should the ledger lose the intent meanwhile, only the spool knows what is about to leave.
    const result = await spooled(ports, { row, fence: intent.fence, attemptId, step: 'create' }, () =>
      callInPlace(ports, { turn, budget }, call),
    );
    // The call is over, so its place is another's while the answer is written.
    turn.leave();
    const { isOutage, tell } = ports.traffic.ended({ row, endpoint: 'altaLead', subject: '', result });
    const written = await writeAnswer(ports, row, intent.fence, { attemptId, result, isOutage });
    await tell();
    return written;
  } finally {
    turn.leave();
  }
}

async function writeIntent(
  ports: SubmitPorts,
  row: LedgerRow,
  attemptId: string,
  lead: LeadFields,
  warnings: LedgerRow['warnings'],
): Promise<MoveResult> {
  try {
    return await ports.ledger.move({
      rowId: row.id,
      from: ['checked'],
      fence: row.fence,
      version: row.version,
      to: 'submitting',
      newFence: true,
      set: {
        holder: ports.instance,
        agenteId: lead['agenteId'] ?? '',
        warnings: mergeWarnings(row, warnings),
      },
      begin: { attemptId, step: 'create', instance: ports.instance },
      audit: { action: 'row.intent', actor: ports.instance },
    });
  } catch (error) {
    // Whether the intent committed is unknown, so nothing is sent; should it have, it is taken back by its own attempt.
    await releaseIntent(ports, { rowId: row.id, fence: row.fence + 1, attemptId, state: 'submitting', step: 'create' });
    throw error;
  }
}

async function writeAnswer(
  ports: SubmitPorts,
  row: LedgerRow,
  fence: number,
  ended: Try<LeadAnswer>,
): Promise<MoveResult> {
  const { isOutage } = ended;
  const { outcome } = ended.result;
  const base = {
    rowId: row.id,
    fence,
    attempt: ended.attemptId,
    end: { ...attemptEndOf(ended), ...(outcome.kind === 'answered' ? { leadId: outcome.answer.leadId } : {}) },
    audit: { action: 'row.answered', actor: ports.instance, code: 'code' in outcome ? outcome.code : null },
  } as const;
  const judged = await judge(ports, row, outcome, isOutage);
  const written = await keepWriting(ports.ledger, { ...base, ...judged }, ports.ending);
  if (written.won || written.why === 'moved_on') return written;

  // The API gave us a leadId that another row has: one of the two answers is wrong, and only a person can tell which.
  return keepWriting(
    ports.ledger,
    {
      ...base,
      from: ['submitting'],
      to: 'in_doubt',
      set: { code: 'API_LEAD_ID_TAKEN' },
      audit: { ...base.audit, code: 'API_LEAD_ID_TAKEN' },
    },
    ports.ending,
  );
}

type Judged = Pick<RowMove, 'from' | 'to' | 'set' | 'dueInMs'>;

/** A definite answer also counts for a row that the sweeper has put in doubt meanwhile: it is the truth, late. */
const evenLate = ['submitting', 'in_doubt'] as const;

async function judge(
  ports: SubmitPorts,
  row: LedgerRow,
  outcome: CallOutcome<LeadAnswer>,
  isOutage: boolean,
): Promise<Judged> {
  switch (outcome.kind) {
    case 'answered':
      return {
        from: evenLate,
        to: 'registered',
        set: {
          leadId: outcome.answer.leadId,
          idLanding: withoutControls(outcome.answer.idLanding),
          message: await sealText(ports.vault, row, outcome.answer.message),
          code: outcome.answer.ko ? 'API_KO' : null,
          step: null,
        },
      };
    case 'refused':
      // What refuses the repeat says nothing about the request before it.
      if (isRepeat(row)) return inDoubt('API_NO_ANSWER');
      return { from: evenLate, ...(await refuse(ports, row, outcome)) };
    case 'not_sent':
    case 'try_later':
    case 'halted': {
      const later = await postpone(ports, row, 'create', outcome, isOutage);
      return isRepeat(row) ? stillUnanswered(later) : { from: evenLate, ...later };
    }
    case 'ambiguous':
      return outcome.mayRepeat === true
        ? stillUnanswered(backOff(ports, row, 'create', outcome.code, { kind: isOutage ? 'outage' : 'repeat' }))
        : inDoubt(outcome.code);
    case 'inconclusive':
      return inDoubt(outcome.code);
  }
}

/** Until an answer comes the code says what is not known; out of tries it is doubt, not failure. */
function stillUnanswered(later: BackOff): Judged {
  return later.to === 'failed'
    ? inDoubt('API_NO_ANSWER')
    : { from: evenLate, ...later, set: { ...later.set, code: 'API_NO_ANSWER' } };
}

function inDoubt(code: FaultCode): Judged {
  return { from: ['submitting'], to: 'in_doubt', set: { code, step: null } };
}

/**
 * checked → submitting → in_doubt, with nothing sent: a repeat must be the request that it repeats, and one whose check is
 * too old or whose partner's config says something else now would be another. An earlier request may have been carried out.
 */
async function stopRepeating(ports: SubmitPorts, row: LedgerRow): Promise<MoveResult> {
  const attemptId = ports.clock.newId();
  const intent = await writeIntent(ports, row, attemptId, { agenteId: row.agenteId ?? '' }, []);
  if (!intent.won) return intent;
  const code = 'API_NO_ANSWER';
  return keepWriting(
    ports.ledger,
    {
      rowId: row.id,
      fence: intent.fence,
      attempt: attemptId,
      ...inDoubt(code),
      end: { attemptId, evidence: 'never_written', httpStatus: null, outcome: 'not_sent', code: 'API_NOT_SENT' },
      audit: { action: 'row.repeat_stopped', actor: ports.instance, code },
    },
    ports.ending,
  );
}

function checkAgain(
  ports: SubmitPorts,
  row: LedgerRow,
  action: 'row.check_too_old' | 'row.check_as_probe',
): Promise<MoveResult> {
  return ports.ledger.move({
    rowId: row.id,
    from: ['checked'],
    fence: row.fence,
    version: row.version,
    to: 'received',
    dueInMs: 0,
    audit: { action, actor: ports.instance },
  });
}

/** The partner's config changed between check and create, and now says something else. */
function notToCreate(
  ports: SubmitPorts,
  row: LedgerRow,
  next: Exclude<AfterCheck, { readonly kind: 'create' }>,
): Promise<MoveResult> {
  const problem = next.kind === 'not_managed' ? ({ code: 'ROW_NOT_MANAGED' } as const) : next.problem;
  return ports.ledger.move({
    rowId: row.id,
    from: ['checked'],
    fence: row.fence,
    version: row.version,
    to: next.kind === 'failed' ? 'failed' : 'rejected',
    set: { code: problem.code, problems: [problem] },
    audit: { action: 'row.not_created', actor: ports.instance, code: problem.code },
  });
}

/** A second intent of the same row brings the same warnings again. */
function mergeWarnings(row: LedgerRow, added: LedgerRow['warnings']): LedgerRow['warnings'] {
  const known = new Set(row.warnings.map((warning) => warning.code));
  return [...row.warnings, ...added.filter((warning) => !known.has(warning.code))];
}
