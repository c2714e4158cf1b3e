import { booleanOf } from './boolean-words.ts';
import { cleanText } from './clean-text.ts';
import { readEmail } from './email.ts';
import { fold } from './fold.ts';
import { readNif } from './nif.ts';
import { orderKeyOf } from './order-key.ts';
import { readPhone } from './phone.ts';
import { readPostalCode } from './postal-code.ts';

/** What the values of a column are, nearly all of them. */
export type ValueShape = 'nif' | 'email' | 'phone' | 'postalCode' | 'date' | 'yesNo';

/** One column of a sample. */
export interface SampleColumn {
  readonly position: number;
  /** As the partner writes it. */
  readonly header: string;
  readonly folded: string;
  /** Cleaned, one a row, '' where there is none. */
  readonly values: readonly string[];
  readonly filled: number;
  readonly distinct: number;
  /** Null: nothing that is known. */
  readonly shape: ValueShape | null;
}

/** A few typing errors don't make a column of phone numbers another one. */
const nearlyAll = 0.8;

const shapes: readonly (readonly [ValueShape, (value: string) => boolean])[] = [
  ['email', (value) => readEmail(value).kind === 'email'],
  ['nif', (value) => value.length >= 8 && readNif(value).kind === 'nif'],
  ['date', (value) => orderKeyOf(value) !== null],
  ['yesNo', (value) => booleanOf(fold(value)) !== null],
  ['postalCode', (value) => /^\d{4,5}$/.test(value) && readPostalCode(value).kind === 'postalCode'],
  ['phone', (value) => readPhone(value).kind === 'phone'],
];

/** The columns of the first rows of a file. */
export function sampleColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): readonly SampleColumn[] {
  return header.map((name, position) => {
    const values = rows.map((cells) => cleanText(cells[position] ?? ''));
    const filled = values.filter((value) => value !== '');
    return {
      position,
      header: name,
      folded: fold(name),
      values,
      filled: filled.length,
      distinct: new Set(filled).size,
      shape: shapeOf(filled),
    };
  });
}

function shapeOf(filled: readonly string[]): ValueShape | null {
  if (filled.length === 0) return null;
  const found = shapes.find(([, fits]) => filled.filter(fits).length >= filled.length * nearlyAll);
  return found?.[0] ?? null;
}
