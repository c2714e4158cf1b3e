import type { RowGroup } from '../app/ports/replay-ledger.ts';
import { outcomeWords } from '../view/outcome-words.ts';
import { formatTable } from './table.ts';

export function countRows(groups: readonly RowGroup[]): number {
  return groups.reduce((sum, group) => sum + group.n, 0);
}

/** Rows that look the same, a line a group. */
export function formatGroups(groups: readonly RowGroup[], width: number): string {
  return formatTable(
    [
      { header: 'rows', align: 'right' },
      { header: 'partner', canShrink: true },
      { header: 'kind' },
      { header: 'state' },
      { header: 'code', canShrink: true },
    ],
    groups.map(({ n, partner, kind, state, code }) => [String(n), partner, kind, outcomeWords[state].word, code ?? '']),
    width,
  );
}
