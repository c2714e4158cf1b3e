import type { LedgerViews, RowFilter } from '../../../src/app/ports/ledger.ts';
import { dateOf, type StoredRow, type Tables, toRow } from './tables.ts';
import { compareUpdates } from './update-order.ts';

export type MemoryViews = Pick<LedgerViews, 'rows' | 'updatesOf' | 'history' | 'attempts' | 'countExactly'>;

/** Read models for people: newest first, never more than `limit`. */
export function createMemoryViews(tables: Tables): MemoryViews {
  const newestFirst = (): readonly StoredRow[] => [...tables.rows.values()].toReversed();

  return {
    async rows(filter) {
      return newestFirst()
        .filter((row) => fits(row, filter))
        .slice(0, filter.limit)
        .map((row) => toRow(tables, row));
    },
    async updatesOf(leadRow) {
      return [...tables.rows.values()]
        .filter((row) => row.kind === 'update' && row.leadRow === leadRow)
        .toSorted(compareUpdates)
        .map((row) => toRow(tables, row));
    },
    async history(rowId) {
      return tables.audit
        .filter((entry) => entry.rowId === rowId)
        .map(({ at, actor, action, from, to, code, reason, attemptId }) => ({
          at: new Date(at),
          actor,
          action,
          from,
          to,
          code,
          reason,
          attemptId,
        }));
    },
    async attempts(rowId) {
      return [...tables.attempts.values()]
        .filter((attempt) => attempt.rowId === rowId)
        .map(({ id, step, fence, instance, begunAt, endedAt, end }) => ({
          id,
          step,
          fence,
          instance,
          begunAt: new Date(begunAt),
          endedAt: dateOf(endedAt),
          evidence: end?.evidence ?? null,
          httpStatus: end?.httpStatus ?? null,
          outcome: end?.outcome ?? null,
          code: end?.code ?? null,
          leadId: end?.leadId ?? null,
        }));
    },
    async countExactly(fileId) {
      const counts: Record<string, number> = {};
      for (const row of tables.rows.values()) {
        if (row.fileId === fileId) counts[row.state] = (counts[row.state] ?? 0) + 1;
      }
      return counts;
    },
  };
}

function fits(row: StoredRow, filter: RowFilter): boolean {
  const { since, until, rowId, belowId, limit: _limit, ...columns } = filter;
  if (rowId !== undefined && row.id !== rowId) return false;
  if (belowId !== undefined && BigInt(row.id) >= BigInt(belowId)) return false;
  if (since !== undefined && row.updatedAt < since.getTime()) return false;
  if (until !== undefined && row.updatedAt >= until.getTime()) return false;
  return Object.entries(columns).every(
    ([name, value]) => value === undefined || row[name as keyof StoredRow] === value,
  );
}
