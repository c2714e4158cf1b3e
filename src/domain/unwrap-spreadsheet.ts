const formula = /^="([^"]*)"$/;

/** Takes off what people wrap around a value so that a spreadsheet leaves it alone: `="08014"` and a leading `'`. */
export function unwrapSpreadsheet(text: string): string {
  const inner = formula.exec(text)?.[1];
  if (inner !== undefined) return inner.trim();
  // Before a letter it is a name: 's Hertogenbosch.
  return /^'[\d=+\-@]/.test(text) ? text.slice(1) : text;
}
