/**
 * A line with its bare `="08014"` cells in quotes, as CSV wants them; null where it has none. Exporters that know
 * spreadsheets write them so to keep a zero. What they hold is unwrapped where the cell's text is cleaned.
 */
export function quoteFormulas(line: string, delimiter: string): string | null {
  let isChanged = false;
  const text = line.replace(/(?:\r\n|\n|\r)$/, '');
  const cells = text.split(delimiter).map((cell) => {
    if (!/^="[^"]*"$/.test(cell)) return cell;
    isChanged = true;
    return `"${cell.replaceAll('"', '""')}"`;
  });
  return isChanged ? cells.join(delimiter) : null;
}
