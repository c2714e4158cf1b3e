/** What a line is by itself, as the start of a record. Cells count from 1. */
export interface InspectedLine {
  readonly cells: number;
  /** The cell whose quote is still open where the line ends. */
  readonly openQuote: number | null;
  /** The first cell with a quote where none may be. */
  readonly strayQuote: number | null;
  /** The longest cell and its characters. */
  readonly longest: { readonly cell: number; readonly characters: number };
}

/** Looks at one line by csv-parse's own rules. For records that it refused, which are few: it says where the fault is. */
export function inspectLine(line: string, delimiter: string): InspectedLine {
  const text = line.replace(/(?:\r\n|\n|\r)$/, '');
  let strayQuote: number | null = null;
  let longest = { cell: 1, characters: 0 };
  let cell = 1;
  let at = 0;
  for (;;) {
    const isQuoted = text[at] === '"';
    const closing = isQuoted ? closingQuote(text, at + 1) : -1;
    if (isQuoted && closing === -1) {
      longest = longer(longest, cell, text.length - at - 1);
      return { cells: cell, openQuote: cell, strayQuote, longest };
    }
    const from = isQuoted ? closing + 1 : at;
    const found = text.indexOf(delimiter, from);
    const end = found === -1 ? text.length : found;
    if (isQuoted ? end !== from : text.slice(from, end).includes('"')) strayQuote ??= cell;
    longest = longer(longest, cell, end - at);
    if (found === -1) return { cells: cell, openQuote: null, strayQuote, longest };
    cell++;
    at = found + delimiter.length;
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return -1;
}

function longer(longest: InspectedLine['longest'], cell: number, characters: number): InspectedLine['longest'] {
  return characters > longest.characters ? { cell, characters } : longest;
}
