import type { MoveResult, RowMove, RowMoves } from '../../../src/app/ports/row-moves.ts';
import { openLeadRowStates } from '../../../src/domain/lead-row.ts';
import { openStatusUpdateStates } from '../../../src/domain/status-update.ts';
import { isStopped } from './accounts.ts';
import { checkMove, checkRow, checkUnique, RefusedStatement } from './constraints.ts';
import type { LedgerSafeguard } from './safeguards.ts';
import { count, isOneOf, type StoredRow, type Tables, writeAudit } from './tables.ts';

const openStates: readonly string[] = [...openLeadRowStates, ...openStatusUpdateStates];
const claims = ['lead_lead_id', 'lead_identity', 'update_on_its_way', 'update_of_lead_id_on_its_way'];

/** The same compare-and-set as in PostgreSQL, on maps. Each move takes effect in the tick in which it is asked for. */
export function createMemoryRowMoves(tables: Tables, without: ReadonlySet<LedgerSafeguard>): RowMoves {
  return {
    async move(move) {
      try {
        return execute(tables, move, without);
      } catch (error) {
        if (error instanceof RefusedStatement && claims.includes(error.constraint)) return { won: false, why: 'taken' };
        throw error;
      }
    },
  };
}

function execute(tables: Tables, move: RowMove, without: ReadonlySet<LedgerSafeguard>): MoveResult {
  const row = tables.rows.get(move.rowId);
  if (row === undefined) return { won: false, why: 'moved_on' };
  const isTaken = !without.has('lead_id') && leadIdIsTaken(tables, row, move);
  if (!matches(row, move, without) || isTaken) {
    const isNews = endAttempt(tables, move, false);
    suspect(tables, row, move);
    if (isNews) tellLate(tables, row, move);
    // The leadId was what stood in the way only where the state and the fence did not.
    const taken = move.set?.leadId !== undefined && move.from.includes(row.state) && row.fence === move.fence;
    return { won: false, why: taken ? 'taken' : 'moved_on' };
  }

  if (move.begin !== undefined && !without.has('stops') && isStopped(tables, row, move.begin.step))
    return { won: false, why: 'stopped' };

  const after = changed(tables, row, move);
  checkMove(row, after);
  checkRow(after);
  checkUnique(tables, after, without);
  beginAttempt(tables, after, move);
  endAttempt(tables, move, true);
  writeMove(tables, row, after, move);
  tables.rows.set(after.id, after);
  return { won: true, state: after.state, version: after.version, fence: after.fence };
}

function matches(row: StoredRow, move: RowMove, without: ReadonlySet<LedgerSafeguard>): boolean {
  if (!move.from.includes(row.state)) return false;
  if (without.has('compare_and_set')) return true;
  return (
    row.fence === move.fence &&
    (move.version === undefined || row.version === move.version) &&
    (move.attempt === undefined || row.attemptId === move.attempt)
  );
}

function leadIdIsTaken(tables: Tables, row: StoredRow, { set }: RowMove): boolean {
  if (set?.leadId === undefined || row.kind !== 'lead') return false;
  return [...tables.rows.values()].some(
    (other) => other.kind === 'lead' && other.leadId === set.leadId && other.id !== row.id,
  );
}

function changed(tables: Tables, row: StoredRow, move: RowMove): StoredRow {
  const { checkedNow, trying, ...set } = move.set ?? {};
  const now = tables.now();
  const stays = move.to === null;
  const due = move.dueInMs === undefined ? null : now + move.dueInMs;
  return {
    ...row,
    ...withoutUndefined(set),
    ...(move.begin === undefined ? {} : { attemptId: move.begin.attemptId }),
    ...(checkedNow === true ? { checkedAt: now } : {}),
    tryingSince: trying === true ? (row.tryingSince ?? now) : set.attempts === 0 ? null : row.tryingSince,
    ...(move.begin !== undefined && !stays ? { intentAt: now } : {}),
    mayBeSet:
      move.mayArriveForMs !== undefined ||
      (row.mayBeSet && !(move.to === 'received' && isOneOf(['rejected', 'cancelled'], row.state))),
    lateUntil:
      move.mayArriveForMs === undefined
        ? row.lateUntil
        : Math.max(row.lateUntil ?? 0, (row.intentAt ?? 0) + move.mayArriveForMs),
    state: move.to ?? row.state,
    version: row.version + (stays ? 0 : 1),
    fence: row.fence + (move.newFence === true ? 1 : 0),
    nextAt: stays && due === null ? row.nextAt : due,
    updatedAt: stays ? row.updatedAt : now,
  };
}

function beginAttempt(tables: Tables, row: StoredRow, { begin }: RowMove): void {
  if (begin === undefined) return;
  if (tables.attempts.has(begin.attemptId)) throw new RefusedStatement('23505', 'attempt_pkey');
  tables.attempts.set(begin.attemptId, {
    id: begin.attemptId,
    rowId: row.id,
    step: begin.step,
    fence: row.fence,
    instance: begin.instance,
    begunAt: tables.now(),
    endedAt: null,
    end: null,
    late: false,
  });
}

/** An answer is kept on its attempt even where the row has moved on without it. A repeat does not make its own answer late. */
function endAttempt(tables: Tables, { end }: RowMove, won: boolean): boolean {
  const attempt = end === undefined ? undefined : tables.attempts.get(end.attemptId);
  if (end === undefined || attempt === undefined || (attempt.endedAt !== null && !won)) return false;
  attempt.endedAt = tables.now();
  attempt.end = end;
  attempt.late = !won;
  return true;
}

/** What is not told by `suspect`. */
function tellLate(tables: Tables, row: StoredRow, { end, audit }: RowMove): void {
  if (end === undefined || (end.leadId !== undefined && end.leadId !== row.leadId)) return;
  writeAudit(tables, {
    actor: audit?.actor ?? '',
    action: 'attempt.ended_late',
    fileId: row.fileId,
    rowId: row.id,
    attemptId: end.attemptId,
    code: end.code ?? null,
  });
}

function suspect(tables: Tables, row: StoredRow, move: RowMove): void {
  const leadId = move.end?.leadId;
  if (leadId === undefined || row.leadId === leadId) return;
  writeAudit(tables, {
    actor: move.audit?.actor ?? '',
    action: 'lead.duplicate_suspected',
    fileId: row.fileId,
    rowId: row.id,
    attemptId: move.end?.attemptId ?? null,
    code: 'API_LEAD_ID_LATE',
  });
}

function writeMove(tables: Tables, before: StoredRow, after: StoredRow, move: RowMove): void {
  if (move.audit !== null)
    writeAudit(tables, {
      actor: move.audit.actor,
      action: move.audit.action,
      fileId: after.fileId,
      rowId: after.id,
      attemptId: move.begin?.attemptId ?? move.end?.attemptId ?? null,
      from: move.to === null ? null : before.state,
      to: move.to,
      fence: after.fence,
      version: after.version,
      code: move.audit.code ?? null,
      reason: move.audit.reason ?? null,
    });
  if (move.to === null) return;
  count(tables, after.fileId, before.state, -1, 0);
  count(tables, after.fileId, after.state, 1, 1);
  if (after.followed && !isOneOf(openStates, move.to)) tables.ended.push(after.id);
}

function withoutUndefined<T extends object>(record: T): Partial<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Partial<T>;
}
