import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { createCsvRecordReader } from '../../../src/adapters/csv/csv-record-reader.ts';
import type { OpenedRecords } from '../../../src/app/ports/record-reader.ts';
import { generous } from './a-file.ts';
import { bytesInMemory } from './bytes-in-memory.ts';

const delimiters = [';', ',', '\t', '|'];
const newlines = ['\n', '\r\n', '\r'];
/** What it is written as, what it is read as, and whether it begins with a byte order mark. */
const encodings: readonly (readonly [string, string, boolean])[] = [
  ['utf-8', 'utf-8', false],
  ['utf-8', 'utf-8', true],
  ['win1252', 'windows-1252', false],
  ['utf-16le', 'utf-16le', true],
  ['utf-16be', 'utf-16be', true],
  ['utf-16le', 'utf-16le', false],
  ['utf-16be', 'utf-16be', false],
  ['iso-8859-15', 'iso-8859-15', false],
  ['cp850', 'cp850', false],
  ['macintosh', 'macintosh', false],
  ['gbk', 'gbk', false],
];
/** Found without being told. */
const detected = new Set(['utf-8', 'windows-1252', 'utf-16le', 'utf-16be']);

const letters = [...'abAZ019.,;|\t"\n\r\' -@=ñÑáé'];
const wide = [...letters, '€', '”', '中', '😀', '\u2028'];

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Tables as they are exported: any cells below a header of names, which differ by their numbers. */
function tables(characters: readonly string[]): fc.Arbitrary<Table> {
  const cell = fc.string({ unit: fc.constantFrom(...characters), maxLength: 12 });
  return fc.integer({ min: 2, max: 6 }).chain((width) =>
    fc
      .array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 })
      .filter((rows) => rows.some((cells) => cells.some((text) => text.trim() !== '')))
      .map((rows) => ({ header: Array.from({ length: width }, (_, at) => `Name ${at}`), rows })),
  );
}

function written(
  { header, rows }: Table,
  delimiter: string,
  newline: string,
  always: boolean,
  isEnded: boolean,
): string {
  const quoted = (cell: string): string =>
    always || /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lines = [header, ...rows].map((cells) => cells.map(quoted).join(delimiter));
  return lines.join(newline) + (isEnded ? newline : '');
}

function mustOpen(opened: Awaited<ReturnType<ReturnType<typeof createCsvRecordReader>['open']>>): OpenedRecords {
  if ('fault' in opened) throw new Error(`${opened.fault} ${JSON.stringify(opened.detail)}`);
  return opened;
}

const cases = encodings.flatMap((encoding) =>
  delimiters.flatMap((delimiter) => newlines.map((newline) => [...encoding, delimiter, newline] as const)),
);

describe('any table of cells', () => {
  it.each(cases)(
    'comes through %s (read as %s, marked %s) with %j and %j',
    async (codec, name, addBOM, delimiter, newline) => {
      // A euro sign is none of cp850's, ñ none of GBK's.
      const isWide = name.startsWith('utf-16') ? addBOM : name === 'utf-8';
      const characters = isWide ? wide : name === 'gbk' ? letters.filter((letter) => letter < '\u0080') : letters;
      await fc.assert(
        fc.asyncProperty(
          tables(characters),
          fc.boolean(),
          fc.boolean(),
          fc.integer({ min: 1, max: 4000 }),
          async (table, always, isEnded, chunkBytes) => {
            const bytes = iconv.encode(written(table, delimiter, newline, always, isEnded), codec, { addBOM });
            const source = bytesInMemory(bytes, chunkBytes);
            const pattern = {
              match: '*',
              delimiter,
              ...(detected.has(name) ? {} : { encoding: name }),
            };
            const opened = mustOpen(await createCsvRecordReader(source).open('', pattern, generous));
            expect([opened.header, opened.delimiter]).toEqual([table.header, delimiter]);
            // A table without an accent is plain ASCII, whatever it was written as.
            if (detected.has(name) && name !== 'windows-1252') expect(opened.encoding).toBe(name);
            const records = await Array.fromAsync(opened.records);
            expect(records).toMatchObject(
              table.rows.flatMap((cells, at) =>
                cells.some((cell) => cell.trim() !== '') ? [{ rowNumber: at + 2, cells }] : [],
              ),
            );
          },
        ),
        { numRuns: 15 },
      );
    },
  );
});
