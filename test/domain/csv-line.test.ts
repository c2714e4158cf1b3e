import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { formatCsvLine } from '../../src/domain/csv-line.ts';

describe('formatCsvLine', () => {
  it.each([
    ['a;b', '"a;b"'],
    ['a,b', 'a,b'],
    ['dice "hola"', '"dice ""hola"""'],
    ['dos\nlíneas', '"dos\nlíneas"'],
    ['=1+1', "'=1+1"],
    ['+34612345678', "'+34612345678"],
    ['-5', "'-5"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1', "'＝1"],
    [' =1', "' =1"],
    ['\t=1', "'\t=1"],
    ['a=1', 'a=1'],
    ['', ''],
  ])('writes %j', (cell, written) => {
    expect(formatCsvLine([cell, 'x'], ';')).toBe(`${written};x\r\n`);
  });

  it('writes lines that read back as the same cells, apart from the apostrophe of a formula', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'aé€=+-@;,|\t"\n\r \''), minLength: 0, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 2, maxLength: 5 }),
        fc.constantFrom(';', ',', '\t', '|'),
        (cells, delimiter) => {
          const [back = []] = parse(formatCsvLine(cells, delimiter), {
            delimiter,
            record_delimiter: '\r\n',
          });
          expect(back.map((text, at) => (text === `'${cells[at]}` ? cells[at] : text))).toEqual(cells);
          expect(back.every((text) => !/^\s*[=+\-@]/.test(text))).toBe(true);
        },
      ),
    );
  });
});
