// Spreadsheets skip white space before a formula; the full-width forms count in Asian locales.
const formula = /^'*\s*[=+\-@\t\r\0\uFF0B\uFF0D\uFF1D\uFF20]/;

/**
 * A text as a cell that no spreadsheet runs: one apostrophe is put before what would be a formula, and before what would
 * look like the result of that. So it can be read back: a program takes one apostrophe off each cell that begins with
 * apostrophes, then maybe white space, then one of `=`, `+`, `-`, `@`, tab, carriage return, NUL and the full-width
 * forms of the first four; every other cell is as it was.
 */
export function spreadsheetCell(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}
