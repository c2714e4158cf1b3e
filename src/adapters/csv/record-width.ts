import type { Damage } from './damage.ts';
import { inspectLine } from './inspect-line.ts';
import { lineEndAfter } from './line-end.ts';
import { quoteFormulas } from './quote-formulas.ts';

/** How many cells a record has: one for each name of the header, and maybe for the nameless ones behind the last name. */
export interface RecordWidth {
  readonly named: number;
  readonly all: number;
}

export function widthOf(header: readonly string[]): RecordWidth {
  return { named: filledOf(header), all: header.length };
}

export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/** What is wrong with the number of cells. Empty cells too many are a spreadsheet's trailing delimiters. */
export function misfitOf(cells: readonly string[], { named, all }: RecordWidth): Damage | null {
  if (cells.length < named) return { fault: 'ROW_CELLS_TOO_FEW', detail: { cells: cells.length, expected: named } };
  if (cells.length <= all) return null;
  const filled = filledOf(cells);
  return filled > all ? { fault: 'ROW_CELLS_TOO_MANY', detail: { cells: filled, expected: all } } : null;
}

/** The cells without the empty ones behind the header's last. */
export function cutTo({ all }: RecordWidth, cells: readonly string[]): readonly string[] {
  return cells.length > all && filledOf(cells) <= all ? cells.slice(0, all) : cells;
}

/** Whether a line is a record by itself, and as wide as one. */
export function isRecordLine(line: string, delimiter: string, { named, all }: RecordWidth): boolean {
  const { cells, openQuote, strayQuote } = inspectLine(quoteFormulas(line, delimiter), delimiter);
  return openQuote === null && strayQuote === null && cells >= named && cells <= all;
}

/** Whether a line after the first would be a record of its own: then a quote was not closed before it. */
export function hidesRecord(bytes: Buffer, delimiter: string, width: RecordWidth): boolean {
  for (let at = lineEndAfter(bytes, 0); at < bytes.length;) {
    const end = lineEndAfter(bytes, at);
    if (isRecordLine(bytes.toString('utf8', at, end), delimiter, width)) return true;
    at = end;
  }
  return false;
}

/** Delimiters that a cell would have to hold, by chance as many in each of its lines as a row has. */
const noChance = 6;

/**
 * Whether a record that fits is many rows: a quote was left open in the first, and a stray one in the last closes it in the
 * same column. Such a record is well-formed, and all between would be lost in one cell without a word. What tells is
 * that its lines, cut at every delimiter, are as wide as rows: the first, the last, and at least half of those between.
 */
export function swallowsRows(bytes: Buffer, delimiter: string, { named, all }: RecordWidth): boolean {
  const lines = bytes
    .toString()
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '');
  const isRow = lines.map((line) => {
    const cells = line.split(delimiter).length;
    return cells >= named && cells <= all;
  });
  if (isRow.at(0) !== true || isRow.at(-1) !== true) return false;
  const rows = isRow.filter(Boolean).length;
  return rows * 2 > lines.length && (rows - 1) * (named - 1) >= noChance;
}

function filledOf(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== '') + 1;
}
