import { cleanText } from './clean-text.ts';
import type { MappedColumns } from './map-header.ts';

/** What the row itself says, by field and cleaned: without the config's defaults, and without fields it says nothing of. */
export type OwnTexts = Readonly<Record<string, string>>;

export function ownTextsOf(cells: readonly string[], columns: MappedColumns): OwnTexts {
  const texts: Record<string, string> = {};
  for (const field in columns) {
    let text = '';
    for (const position of columns[field] ?? []) {
      const part = cleanText(cells[position] ?? '');
      if (part !== '') text = text === '' ? part : `${text} ${part}`;
    }
    if (text !== '') texts[field] = text;
  }
  return texts;
}
