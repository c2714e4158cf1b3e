import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { createCsvRecordReader } from '../../../src/adapters/csv/csv-record-reader.ts';
import type { FileRecord, ReadingPoint } from '../../../src/app/ports/record-reader.ts';
import { generous } from './a-file.ts';
import { bytesInMemory } from './bytes-in-memory.ts';

const line = fc.constantFrom(
  '1;Ana;600',
  '2;"Eva\nMaría";601',
  '',
  ';;',
  '3;"Núñez;602',
  '4;Luz "la" B;603',
  '5;Paz',
  '6;"Mar";604;x',
  '7;"😀";605',
  '"',
  '8;Sol;606"',
);
const encodings = ['utf-8', 'win1252', 'utf-16le', 'utf-16be'] as const;

async function read(bytes: Uint8Array, chunkBytes: number, from?: ReadingPoint) {
  const opened = await createCsvRecordReader(bytesInMemory(bytes, chunkBytes)).open('', { match: '*' }, generous, from);
  if ('fault' in opened) throw new Error(opened.fault);
  return { ...opened, records: await Array.fromAsync(opened.records) };
}

const files = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 40 }),
  encoding: fc.constantFrom(...encodings),
  addBOM: fc.boolean(),
  sepLine: fc.boolean(),
  newline: fc.constantFrom('\n', '\r\n'),
});
type File = typeof files extends fc.Arbitrary<infer F> ? F : never;

function bytesOf({ lines, encoding, addBOM, sepLine, newline }: File): Buffer {
  const text = [...(sepLine ? ['sep=;'] : []), 'ID;Año;Tel', '0;Sol;599', ...lines, '9;Fin;699'].join(newline);
  return iconv.encode(encoding === 'win1252' ? text.replaceAll('😀', '€') : text, encoding, {
    addBOM: addBOM && encoding !== 'win1252',
  });
}

describe('a file', () => {
  it('reads the same from the end of any of its records', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), async (file, pick) => {
        const bytes = bytesOf(file);
        const all = await read(bytes, 1 << 18);
        const at = pick % all.records.length;
        const { rowNumber, next } = all.records[at] as FileRecord;
        const { encoding, delimiter } = all;
        const rest = await read(bytes, 1 << 18, { encoding, delimiter, rowNumber, offset: next ?? -1 });
        expect(rest).toMatchObject({ encoding, delimiter, header: all.header, finding: null });
        expect(rest.records).toEqual(all.records.slice(at + 1));
      }),
      { numRuns: 500 },
    );
  });

  it('reads the same in whatever chunks it comes', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 1, max: 200 }), async (file, chunkBytes) => {
        const bytes = bytesOf(file);
        const [small, large] = [await read(bytes, chunkBytes), await read(bytes, 1 << 18)];
        // Confidence is an impression, and may miss an accent at the end of a chunk.
        expect({ ...small, finding: null }).toEqual({ ...large, finding: null });
      }),
      { numRuns: 500 },
    );
  });

  it('is read without what stands before the point, except for its start', async () => {
    const rows = Array.from({ length: 100_000 }, (_, n) => `${n};Ana María;600\n`).join('');
    const bytes = Buffer.from(`ID;Nombre;Tel\n${rows}`);
    const source = bytesInMemory(bytes);
    let asked = 0;
    const counted = {
      ...source,
      async *read(path: string, start: number) {
        for await (const chunk of source.read(path, start)) {
          asked += chunk.length;
          yield chunk;
        }
      },
    };
    const offset = bytes.indexOf('\n90000;') + 1;
    const from = { encoding: 'utf-8', delimiter: ';', rowNumber: 90_001, offset };
    const opened = await createCsvRecordReader(counted).open('', { match: '*' }, generous, from);
    if ('fault' in opened) throw new Error(opened.fault);
    const records = await Array.fromAsync(opened.records);
    expect([records.length, records[0]?.rowNumber]).toEqual([10_000, 90_002]);
    expect(asked).toBeLessThan(bytes.length - offset + 4 * 256 * 1024);
  });
});
