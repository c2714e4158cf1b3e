import type { MappedColumns } from './map-header.ts';

/** What a file's header and its cells say of its columns. Headers as the partner writes them, in the file's order. */
export interface ColumnCounts {
  /** By field: the headers that it is read from. */
  readonly mapped: Readonly<Record<string, readonly string[]>>;
  /** Columns that no field claims: never read. */
  readonly unmapped: readonly string[];
  /** Columns without a single value in any row. */
  readonly empty: readonly string[];
  /** The fields among them. */
  readonly emptyFields: readonly string[];
}

/** Notes which columns hold anything at all. */
export function createColumnTally(header: readonly string[], columns: MappedColumns) {
  const waiting = new Set(header.keys());
  const claimed = new Set(Object.values(columns).flat());
  const nameAt = (position: number): string => header[position] ?? '';
  return {
    add(cells: readonly string[]): void {
      for (const position of waiting) if ((cells[position] ?? '').trim() !== '') waiting.delete(position);
    },
    result(): ColumnCounts {
      const isEmpty = (positions: readonly number[]): boolean => positions.every((position) => waiting.has(position));
      return {
        mapped: Object.fromEntries(Object.entries(columns).map(([field, positions]) => [field, positions.map(nameAt)])),
        unmapped: header.filter((name, position) => name.trim() !== '' && !claimed.has(position)),
        empty: [...waiting].map(nameAt),
        emptyFields: Object.keys(columns).filter((field) => isEmpty(columns[field] ?? [])),
      };
    },
  };
}
