// Excel, LibreOffice and Google Sheets run these as formulas; the full-width forms count in Asian locales.
const formula = /^\s*[=+\-@\t\r\0\uFF0B\uFF0D\uFF1D\uFF20]/;

/** One line of a result file, without its line ending. A cell that a spreadsheet would run gets a leading apostrophe. */
export function formatResultLine(cells: readonly string[], delimiter: string): string {
  return cells.map((cell) => quote(formula.test(cell) ? `'${cell}` : cell, delimiter)).join(delimiter);
}

function quote(cell: string, delimiter: string): string {
  const isPlain = !/["\r\n]|^\s|\s$/.test(cell) && !cell.includes(delimiter);
  return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
}
