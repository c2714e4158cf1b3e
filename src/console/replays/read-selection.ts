import { createHash } from 'node:crypto';
import type { ReplayGroup, RowSelection } from '../../app/ports/replay-ledger.ts';
import type { Query } from '../frame/query.ts';
import { readRowsAsked, type RowsAsked } from '../rows/row-filters.ts';

/** What somebody wants replayed. */
export interface SelectionAsked {
  readonly asked: RowsAsked;
  /** One row alone, as typed. */
  readonly row: string | null;
  readonly selection: RowSelection;
  /** Nothing was chosen: then nothing is looked at yet. */
  readonly isEverything: boolean;
  /** Something could not be understood: then nothing is selected, as it would be more than was asked for. */
  readonly isFaulty: boolean;
}

const isRow = (text: string): boolean => /^\d{1,18}$/.test(text);

/** The filters of rows, and one row by its number. */
export function readSelection(query: Query, at: { readonly now: Date; readonly timeZone: string }): SelectionAsked {
  const asked = readRowsAsked(query, at);
  const row = query['row'] ?? null;
  return {
    asked,
    row,
    selection: { ...asked.filter, ...(row !== null && isRow(row) ? { rowId: row } : {}) },
    isEverything: Object.keys(asked.typed).length === 0 && row === null,
    isFaulty: Object.keys(asked.faults).length > 0 || (row !== null && !isRow(row)),
  };
}

/** As fields of a form that mean the same a minute later: "2h ago" would not. */
export function fieldsOfSelection(selection: RowSelection): Readonly<Record<string, string>> {
  const { fileId, rowId, partner, kind, state, code, night, since, until } = selection;
  const all = {
    file: fileId,
    row: rowId,
    partner,
    kind,
    state,
    code,
    night,
    since: since?.toISOString(),
    until: until?.toISOString(),
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Tells the rows that were shown as going back to work from those that would by now. */
export function digestOf(groups: readonly ReplayGroup[]): string {
  const lines = groups
    .filter((group) => group.class === 'safe')
    .map(({ partner, kind, state, code, n }) => JSON.stringify([partner, kind, state, code, n]));
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('base64url').slice(0, 22);
}
