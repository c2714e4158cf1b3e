const formula = /^="[^"]*"$/;

/**
 * A line with its bare `="08014"` cells in quotes, as CSV wants them; the line itself where it has none. Exporters that know
 * spreadsheets write them so to keep a zero. What they hold is unwrapped where the cell's text is cleaned.
 */
export function quoteFormulas(line: string, delimiter: string): string {
  if (!line.includes('="')) return line;
  const text = line.replace(/(?:\r\n|\n|\r)$/, '');
  const cells = text.split(delimiter);
  return cells.map((cell) => (formula.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter);
}
