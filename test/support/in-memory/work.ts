import type { DueCursor, WorkLedger } from '../../../src/app/ports/ledger.ts';
import { createMemoryFollowLeads } from './follow-leads.ts';
import { isOneOf, type StoredRow, type Tables, toRow } from './tables.ts';
import { arrivingForMs, isHeld } from './update-order.ts';

/** An update goes on waiting while its lead is in one of these. */
const notYet = [
  'received',
  'waiting',
  'checked',
  'submitting',
  'in_doubt',
  'failed',
  'registered_without_id',
  'duplicate',
];

export function createMemoryWorkLedger(tables: Tables): WorkLedger {
  const isDue = (row: StoredRow): boolean => row.nextAt !== null && row.nextAt <= tables.now();

  return {
    followLeads: createMemoryFollowLeads(tables),

    async row(id) {
      const row = tables.rows.get(id);
      return row === undefined ? null : toRow(tables, row);
    },

    async partnersWithWork(kind) {
      const due = [...tables.rows.values()].filter((row) => row.kind === kind && isDue(row));
      return [...new Set(due.map((row) => row.partner))].toSorted();
    },

    async dueRows(kind, partner, after, limit) {
      return [...tables.rows.values()]
        .filter((row) => row.kind === kind && row.partner === partner && isDue(row))
        .map(cursorOf)
        .filter((row) => after === null || compareCursors(row, after) > 0)
        .toSorted(compareCursors)
        .slice(0, limit);
    },

    async orphans(patienceMs, limit) {
      return [...tables.rows.values()]
        .filter(
          (row) =>
            isOneOf(['submitting', 'pushing'], row.state) &&
            row.intentAt !== null &&
            row.intentAt < tables.now() - patienceMs,
        )
        .toSorted((one, other) => (one.intentAt ?? 0) - (other.intentAt ?? 0))
        .slice(0, limit)
        .map((row) => toRow(tables, row));
    },

    async wakeUpdates() {
      let woken = 0;
      for (const row of tables.rows.values()) {
        if (row.kind !== 'update' || row.state !== 'waiting' || row.nextAt === null || isDue(row)) continue;
        if (!isReady(tables, row)) continue;
        row.nextAt = tables.now();
        woken += 1;
      }
      return woken;
    },

    // The counters are summed up as they come.
    async sumUp() {},
  };
}

function isReady(tables: Tables, update: StoredRow): boolean {
  if (update.code === 'ROW_LEAD_NOT_REGISTERED_YET')
    return [...tables.rows.values()].some(
      (lead) =>
        lead.kind === 'lead' &&
        lead.partner === update.partner &&
        (update.leadRow === null
          ? update.partnerLeadId !== null && lead.partnerLeadId === update.partnerLeadId
          : lead.id === update.leadRow) &&
        !notYet.includes(lead.state),
    );
  const lead = update.leadRow === null ? undefined : tables.rows.get(update.leadRow);
  return (
    update.code === 'ROW_UPDATE_HELD' && !isHeld(tables, update, lead) && arrivingForMs(tables, update, lead) === 0
  );
}

function cursorOf(row: StoredRow): DueCursor & { readonly version: number } {
  return { id: row.id, version: row.version, nextAt: (row.nextAt ?? 0).toFixed(6).padStart(24, '0') };
}

function compareCursors(one: DueCursor, other: DueCursor): number {
  if (one.nextAt !== other.nextAt) return one.nextAt < other.nextAt ? -1 : 1;
  return Number(one.id) - Number(other.id);
}
