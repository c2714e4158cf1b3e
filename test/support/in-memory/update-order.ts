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

/** Must the update wait for another one of the lead, or for an updates file that is not read to its end? */
export function isHeld(tables: Tables, update: StoredRow, lead: StoredRow): boolean {
  const partnerLeadId = update.partnerLeadId ?? lead.partnerLeadId;
  for (const other of tables.rows.values()) {
    if (other.id === update.id || other.kind !== 'update' || !isOneOf(holdingStatusUpdateStates, other.state)) continue;
    const isOfLead =
      other.leadRow === lead.id ||
      (other.partner === update.partner && partnerLeadId !== null && other.partnerLeadId === partnerLeadId);
    if (isOfLead && compareUpdates(other, update) < 0) return true;
  }
  return [...tables.files.values()].some(
    (file) =>
      file.partner === update.partner &&
      file.kind === 'updates' &&
      isOneOf(['arrived', 'reading'], file.state) &&
      Number(file.id) <= Number(update.fileId ?? file.id),
  );
}
