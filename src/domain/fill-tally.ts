import type { MappedColumns } from './map-header.ts';

/** By field: rows in which it is filled. */
export type FilledRows = Readonly<Record<string, number>>;

/** Counts the rows in which each field says something, going on from what was counted before. */
export function createFillTally(
  columns: MappedColumns,
  before: { readonly rows: number; readonly filled: FilledRows },
) {
  const fields = Object.entries(columns).map(([field, positions]) => ({
    field,
    positions,
    filled: before.filled[field] ?? 0,
  }));
  let { rows } = before;
  return {
    add(cells: readonly string[]): void {
      rows += 1;
      for (const one of fields) if (one.positions.some((position) => isFilled(cells[position]))) one.filled += 1;
    },
    result(): { readonly rows: number; readonly filled: FilledRows } {
      return { rows, filled: Object.fromEntries(fields.map(({ field, filled }) => [field, filled])) };
    },
  };
}

function isFilled(cell: string | undefined): boolean {
  return cell !== undefined && cell !== '' && cell.trim() !== '';
}
