import { decideAfterCheck, decideWithoutCheck } from '../domain/after-check.ts';
import type { ClientAnswer } from '../domain/call-outcome.ts';
import type { Partner } from '../domain/partner.ts';
import { attemptEndOf } from './attempt-end.ts';
import { backOff } from './back-off.ts';
import { callInPlace } from './call-in-place.ts';
import { retryInCall, type Try } from './in-call-retry.ts';
import { postpone, refuse } from './judge-outcome.ts';
import type { CallPorts } from './ports.ts';
import type { LedgerRow } from './ports/row.ts';
import type { MoveResult, RowMove } from './ports/row-moves.ts';
import { openLead } from './row-payload.ts';
import { startSendBudget } from './send-budget.ts';
import { withheld } from './withheld.ts';

/**
 * received → checked, not_managed, rejected, failed or waiting: asks the API whether the partner manages this client.
 * The call is a read, so it may be repeated; each try is written down before it leaves, since each discloses a NIF.
 */
export async function checkClient(ports: CallPorts, row: LedgerRow, partner: Partner): Promise<MoveResult> {
  const { fields } = await openLead(ports.vault, row);
  const nif = fields['dni'];
  if (nif === undefined) return skipCheck(ports, row, partner, fields);
  if ((await ports.traffic.admit(row, 'check')).kind === 'stopped') return { won: false, why: 'stopped' };

  const refused: MoveResult[] = [];
  const ended = await retryInCall(
    () => tryCheck(ports, row, nif, (result) => refused.push(result)),
    async (tried) => {
      await ports.ledger.move({ ...untouched(row), end: attemptEndOf(tried) });
    },
    ports.ending,
  );
  const [noTry] = refused;
  if (noTry !== undefined) return noTry;
  return ports.ledger.move({
    ...untouched(row),
    ...(await judge(ports, row, partner, fields, ended)),
    end: attemptEndOf(ended),
    audit: { action: 'row.checked', actor: ports.instance, code: codeOf(ended) },
  });
}

async function tryCheck(
  ports: CallPorts,
  row: LedgerRow,
  nif: string,
  refused: (result: MoveResult) => void,
): Promise<Try<ClientAnswer>> {
  const turn = await ports.gate.enter(ports.stopping);
  try {
    const attemptId = ports.clock.newId();
    const budget = startSendBudget(ports.clock, ports.settings.sendBudgetMs);
    const begun = await ports.ledger.move({
      ...untouched(row),
      begin: { attemptId, step: 'check', instance: ports.instance },
      audit: { action: 'attempt.begun', actor: ports.instance },
    });
    if (!begun.won) {
      refused(begun);
      return { attemptId, result: withheld, isOutage: false };
    }
    const call = { attemptId, idempotencyKey: attemptId, maySend: budget.maySend };
    const result = await callInPlace(ports, { turn, budget }, () => ports.api.checkClient(nif, call));
    const { isOutage, tell } = ports.traffic.ended({ row, endpoint: 'clientData', subject: nif, result });
    await tell();
    return { attemptId, result, isOutage };
  } finally {
    turn.leave();
  }
}

type Judged = Pick<RowMove, 'to' | 'set' | 'dueInMs'>;

async function judge(
  ports: CallPorts,
  row: LedgerRow,
  partner: Partner,
  fields: Readonly<Record<string, string>>,
  { result: { outcome }, isOutage }: Try<ClientAnswer>,
): Promise<Judged> {
  switch (outcome.kind) {
    case 'answered':
      return afterAnswer(outcome.answer, fields, partner);
    case 'refused':
      return refuse(ports, row, outcome);
    case 'ambiguous':
      return backOff(ports, row, 'check', 'API_UNAVAILABLE', { kind: isOutage ? 'outage' : 'unreached' });
    default:
      return postpone(ports, row, 'check', outcome, isOutage);
  }
}

function afterAnswer(answer: ClientAnswer, fields: Readonly<Record<string, string>>, partner: Partner): Judged {
  const known = { clientAnswer: answer, checkedNow: true, step: null, attempts: 0 } as const;
  const next = decideAfterCheck(answer, fields, partner);
  switch (next.kind) {
    case 'create':
      // Due at once: should this job be lost, the feeder offers the row again.
      return { to: 'checked', dueInMs: 0, set: { ...known, code: null } };
    case 'not_managed':
      return { to: 'not_managed', set: { ...known, code: 'ROW_NOT_MANAGED' } };
    case 'rejected':
    case 'failed':
      return { to: next.kind, set: { ...known, code: next.problem.code, problems: [next.problem] } };
  }
}

/** `withoutNif: send`: there is nobody to ask about. */
function skipCheck(
  ports: CallPorts,
  row: LedgerRow,
  partner: Partner,
  fields: Readonly<Record<string, string>>,
): Promise<MoveResult> {
  const next = decideWithoutCheck(fields, partner);
  const judged: Judged =
    next.kind === 'rejected'
      ? { to: 'rejected', set: { code: next.problem.code, problems: [next.problem] } }
      : { to: 'checked', dueInMs: 0, set: { checkedNow: true, code: null } };
  return ports.ledger.move({
    ...untouched(row),
    ...judged,
    audit: { action: 'row.check_skipped', actor: ports.instance },
  });
}

/** A move that expects the row exactly as it was read and so far changes nothing. */
function untouched(row: LedgerRow): RowMove {
  return { rowId: row.id, from: [row.state], fence: row.fence, version: row.version, to: null, audit: null };
}

function codeOf({ result: { outcome } }: Try<ClientAnswer>) {
  return 'code' in outcome ? outcome.code : null;
}
