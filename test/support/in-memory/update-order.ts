import { holdingStatusUpdateStates } from '../../../src/domain/status-update.ts';
import { isOneOf, type StoredRow, type Tables } from './tables.ts';

/** The place of an update among those of its lead: the partner's own date, then arrival, then file and row. */
function placeOf(row: StoredRow): readonly (string | number)[] {
  const arrival = new Date(row.arrivedAt).toISOString().slice(0, -1);
  return [row.orderKey ?? arrival, row.arrivedAt, Number(row.fileId ?? 0), row.rowNumber ?? 0, Number(row.id)];
}

/** Negative: `one` comes first. */
export function compareUpdates(one: StoredRow, other: StoredRow): number {
  const [left, right] = [placeOf(one), placeOf(other)];
  for (const [index, value] of left.entries()) {
    const against = right[index] as string | number;
    if (value !== against) return value < against ? -1 : 1;
  }
  return 0;
}

/** Does the open update `other` go before `update`? One that may have been set first, the newest of several; then the oldest. */
export function goesBefore(other: StoredRow, update: StoredRow): boolean {
  return other.state === 'pushing' || compareTurns(other, update) < 0;
}

/** Negative: `one` goes first. */
export function compareTurns(one: StoredRow, other: StoredRow): number {
  if (one.mayBeSet !== other.mayBeSet) return one.mayBeSet ? -1 : 1;
  return one.mayBeSet ? compareUpdates(other, one) : compareUpdates(one, other);
}

/** The other updates of the same lead: joined to its row, under the partner's own id, or by a leadId that is no lead's. */
export function othersOf(tables: Tables, update: StoredRow, lead: StoredRow | undefined): readonly StoredRow[] {
  const partnerLeadId = update.partnerLeadId ?? lead?.partnerLeadId ?? null;
  const leadId = update.leadId ?? lead?.leadId ?? null;
  return [...tables.rows.values()].filter((other) => {
    if (other.kind !== 'update' || other.id === update.id) return false;
    if (lead !== undefined && other.leadRow === lead.id) return true;
    if (other.partner !== update.partner) return false;
    if (partnerLeadId !== null && other.partnerLeadId === partnerLeadId) return true;
    return leadId !== null && other.leadRow === null && other.leadId === leadId;
  });
}

/** Must the update wait for another one of the lead, or for an updates file that is not read to its end? */
export function isHeld(
  tables: Tables,
  update: StoredRow,
  lead: StoredRow | undefined,
  isBefore: typeof goesBefore = goesBefore,
): boolean {
  const byOther = othersOf(tables, update, lead).some(
    (other) => isOneOf(holdingStatusUpdateStates, other.state) && isBefore(other, update),
  );
  return (
    byOther ||
    [...tables.files.values()].some(
      (file) =>
        file.partner === update.partner &&
        file.kind === 'updates' &&
        isOneOf(['arrived', 'reading'], file.state) &&
        Number(file.id) <= Number(update.fileId ?? file.id),
    )
  );
}

/** So long a request of an older update, which ended without an answer, may still be carried out. */
export function arrivingForMs(tables: Tables, update: StoredRow, lead: StoredRow | undefined): number {
  const until = othersOf(tables, update, lead)
    .filter((other) => compareUpdates(other, update) < 0)
    .map((other) => other.lateUntil ?? 0);
  return Math.max(0, ...until.map((late) => late - tables.now()));
}
