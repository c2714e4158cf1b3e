import { fold } from './fold.ts';
import { readNif } from './nif.ts';
import type { PersonKey } from './person-key.ts';

/** By what a person is recognised in a text that nobody has read field by field: a record of a file, a file's name. */
export interface PersonTraces {
  readonly keys: readonly PersonKey[];
  /** Folded. */
  readonly names: readonly string[];
}

/** Whose a record is, by its cells as they stand in the file, whatever their columns mean. */
export type RecordOwner = 'person' | 'another' | 'nobody';

/**
 * A NIF says whose a record is. One with another person's NIF is that person's, and `another` where something of this
 * person stands in it: a phone that is shared, a word in a remark.
 */
export function ownerOf(cells: readonly string[], { keys }: Pick<PersonTraces, 'keys'>): RecordOwner {
  const found = cells.some((cell) => keys.some((key) => stands(key, cell)));
  const nifs = found || hasShortNif(keys) ? cells.flatMap(nifIn) : [];
  if (nifs.some((nif) => keys.some(({ kind, value }) => kind === 'nif' && value === nif))) return 'person';
  if (!found) return 'nobody';
  return nifs.length > 0 ? 'another' : 'person';
}

/** Whether a text tells of the person: also by their name, which is nothing to tell people apart by, but to know one by. */
export function tellsOf(text: string, { keys, names }: PersonTraces): boolean {
  const folded = ` ${fold(text)} `;
  return keys.some((key) => stands(key, text)) || names.some((name) => folded.includes(` ${name} `));
}

/** Folded, where it is long enough to be nobody else's by chance: first name and surname. */
export function traceOfName(name: string): string | null {
  const folded = fold(name);
  return folded.includes(' ') && folded.length >= 7 ? folded : null;
}

const separators = /[^\p{L}\p{N}]+/gu;

function stands({ kind, value }: PersonKey, text: string): boolean {
  switch (kind) {
    case 'email':
      return text.length >= value.length && text.toLowerCase().includes(value);
    case 'phone': {
      const digits = value.replace('+', '');
      return text.length >= digits.length && text.replaceAll(/\D+/g, '').includes(digits);
    }
    case 'nif':
      return text.length >= value.length && text.toUpperCase().replaceAll(separators, '').includes(value);
  }
}

/** A spreadsheet takes the zeros away in front of a NIF, and what is left is too short to be looked for in a text. */
function hasShortNif(keys: readonly PersonKey[]): boolean {
  return keys.some(({ kind, value }) => kind === 'nif' && /^[XYZ]?0/.test(value));
}

/** A person's NIF that is all there is in a cell. Entities have none of the letters at the end by which a chance is told. */
function nifIn(cell: string): readonly string[] {
  if (cell.length < 2 || cell.length > 24 || !/[a-z]\W*$/i.test(cell)) return [];
  const read = readNif(cell);
  return read.kind === 'nif' && read.nifKind !== 'entity' ? [read.nif] : [];
}
