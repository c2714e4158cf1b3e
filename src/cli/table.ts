import { fitText, oneLine, textWidth } from './text-width.ts';

export interface TableColumn {
  readonly header: string;
  /** Defaults to left. */
  readonly align?: 'right';
  /** May be cut with a `…` where the table is too wide; the widest of these gives way first. Defaults to false. */
  readonly canShrink?: boolean;
}

const gap = '  ';
const narrowest = 4;

/** Columns padded to line up, within `width`; no rule lines, no trailing white space, nothing but text. */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const lines = [columns.map((column) => column.header), ...rows.map((row) => row.map(oneLine))];
  const widths = fitWidths(columns, lines, width);
  return lines
    .map((cells) =>
      columns
        .map((column, at) => pad(cells[at] ?? '', widths[at] ?? 0, column))
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

function fitWidths(columns: readonly TableColumn[], lines: readonly (readonly string[])[], width: number): number[] {
  const widths = columns.map((_, at) =>
    lines.reduce((widest, cells) => Math.max(widest, textWidth(cells[at] ?? '')), 0),
  );
  let excess = widths.reduce((sum, each) => sum + each, gap.length * (columns.length - 1)) - width;
  for (; excess > 0; excess -= 1) {
    const at = widestThatGivesWay(columns, widths);
    if (at === -1) break;
    widths[at] = (widths[at] ?? 0) - 1;
  }
  return widths;
}

function widestThatGivesWay(columns: readonly TableColumn[], widths: readonly number[]): number {
  let found = -1;
  for (const [at, column] of columns.entries()) {
    const width = widths[at] ?? 0;
    if (column.canShrink === true && width > narrowest && width > (widths[found] ?? 0)) found = at;
  }
  return found;
}

function pad(text: string, width: number, column: TableColumn): string {
  const fitted = fitText(text, width);
  const space = ' '.repeat(Math.max(0, width - textWidth(fitted)));
  return column.align === 'right' ? space + fitted : fitted + space;
}
