import { canLeadRowMove, identityHoldingStates, type LeadRowState } from '../../../src/domain/lead-row.ts';
import {
  canStatusUpdateMove,
  holdingStatusUpdateStates,
  type StatusUpdateState,
} from '../../../src/domain/status-update.ts';
import type { LedgerSafeguard } from './safeguards.ts';
import { isOneOf, type StoredRow, type Tables } from './tables.ts';
import { goesBefore } from './update-order.ts';

/** What PostgreSQL throws for a statement that it refuses, as far as anybody looks at it. */
export class RefusedStatement extends Error {
  override readonly name = 'RefusedStatement';
  readonly code: string;
  readonly constraint: string;

  constructor(code: string, constraint: string, message = `violates ${constraint}`) {
    super(message);
    this.code = code;
    this.constraint = constraint;
  }
}

const uniqueViolation = '23505';
const checkViolation = '23514';

/** The check constraints of the table of rows. */
export function checkRow(row: StoredRow): void {
  const refuse = (constraint: string): never => {
    throw new RefusedStatement(checkViolation, constraint);
  };
  if (row.kind === 'lead' && row.state === 'registered' && row.leadId === null) refuse('registered_has_lead_id');
  if (row.kind === 'lead' && row.identity === null && !isOneOf(['rejected', 'cancelled'], row.state))
    refuse('lead_has_identity');
  if (isOneOf(['submitting', 'pushing'], row.state) && (row.attemptId === null || row.holder === null))
    refuse('announced_has_attempt');
  if (row.state === 'waiting' && row.step === null) refuse('waiting_has_step');
}

/** The trigger on changes of state. */
export function checkMove(before: StoredRow, after: StoredRow): void {
  if (before.state === after.state) return;
  const legal =
    before.kind === 'lead'
      ? canLeadRowMove(before.state as LeadRowState, after.state as LeadRowState)
      : canStatusUpdateMove(before.state as StatusUpdateState, after.state as StatusUpdateState);
  if (legal) return;
  const move = `${before.kind}:${before.state}>${after.state}`;
  throw new RefusedStatement(checkViolation, 'legal_move', `illegal move ${move} of row ${before.id}`);
}

/** The unique indexes, for a row that is about to be written over or beside the others. */
export function checkUnique(tables: Tables, row: StoredRow, without: ReadonlySet<LedgerSafeguard>): void {
  for (const other of tables.rows.values()) {
    if (other.id === row.id || other.kind !== row.kind) continue;
    if (row.kind === 'lead') {
      if (!without.has('lead_id') && row.leadId !== null && other.leadId === row.leadId)
        throw new RefusedStatement(uniqueViolation, 'lead_lead_id');
      if (!without.has('identity') && holdsIdentity(row) && holdsIdentity(other) && isSameLead(row, other))
        throw new RefusedStatement(uniqueViolation, 'lead_identity');
    } else if (!without.has('update_order') && row.state === 'pushing' && other.state === 'pushing') {
      if (row.leadRow !== null && other.leadRow === row.leadRow)
        throw new RefusedStatement(uniqueViolation, 'update_on_its_way');
      if (
        row.leadRow === null &&
        other.leadRow === null &&
        row.leadId === other.leadId &&
        row.partner === other.partner
      )
        throw new RefusedStatement(uniqueViolation, 'update_of_lead_id_on_its_way');
    }
  }
  if (row.kind === 'update' && row.state === 'pushing' && !without.has('sent_updates_first')) checkTurn(tables, row);
}

/** No index, but what the statement that moves rows asks itself: an update that may have been set goes first. */
function checkTurn(tables: Tables, row: StoredRow): void {
  for (const other of tables.rows.values())
    if (
      other.kind === 'update' &&
      other.id !== row.id &&
      other.leadId === row.leadId &&
      other.mayBeSet &&
      other.partner === row.partner &&
      isOneOf(holdingStatusUpdateStates, other.state) &&
      goesBefore(other, row)
    )
      throw new RefusedStatement(uniqueViolation, 'update_on_its_way');
}

export function holdsIdentity(row: StoredRow): boolean {
  return row.kind === 'lead' && isOneOf(identityHoldingStates, row.state);
}

function isSameLead(one: StoredRow, other: StoredRow): boolean {
  return one.identity !== null && one.identity === other.identity && one.partner === other.partner;
}
