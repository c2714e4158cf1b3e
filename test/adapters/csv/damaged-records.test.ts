import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inShort, readFile, rowsOf } from './a-file.ts';

describe('a record that cannot be read', () => {
  it.each([
    ['too few cells', '1,Ana\n', 'ROW_CELLS_TOO_FEW cells 2 expected 3'],
    ['too many cells', '1,Ana,600,más\n', 'ROW_CELLS_TOO_MANY cells 4 expected 3'],
    ['a stray quote', '1,Ana "la" B,600\n', 'ROW_QUOTE_STRAY cell 2'],
    ['a quote that closes too early', '1,"Ana" B,600\n', 'ROW_QUOTE_STRAY cell 2'],
    ['a quote that is never closed', '1,"Ana,600\n', 'ROW_QUOTE_UNCLOSED cell 2'],
    ['a quote at the end of a cell', '1,Ana,600"\n', 'ROW_QUOTE_STRAY cell 3'],
  ])('is reported with its number and stops no neighbour: %s', async (_, bad, told) => {
    expect(await rowsOf(`0,Sol,599\n${bad}2,"Eva",601\n3,Luz,602\n`)).toEqual([
      '2: 0|Sol|599',
      `3: ${told}`,
      '4: 2|Eva|601',
      '5: 3|Luz|602',
    ]);
  });

  it('says at which byte of the file it stands', async () => {
    const { records } = await readFile('\uFEFFID,Año\r\n1,ñ\r\n2,"x\r\n3,ñ\r\n');
    expect(records).toEqual([
      { rowNumber: 2, at: 12, next: 18, cells: ['1', 'ñ'] },
      { rowNumber: 3, at: 18, next: 24, fault: 'ROW_QUOTE_UNCLOSED', detail: { cell: 2 } },
      { rowNumber: 4, at: 24, next: 30, cells: ['3', 'ñ'] },
    ]);
  });

  it('costs one line when a quote is never closed and nothing else in the file is quoted', async () => {
    expect(await rowsOf('1,"Ana,600\n2,Eva,601\n3,Luz,602\n')).toEqual([
      '2: ROW_QUOTE_UNCLOSED cell 2',
      '3: 2|Eva|601',
      '4: 3|Luz|602',
    ]);
  });

  it('gives back the rows between two unclosed quotes', async () => {
    expect(await rowsOf('1,"Ana,600\n2,Eva,601\n3,"Luz,602\n4,Paz,603\n')).toEqual([
      '2: ROW_QUOTE_UNCLOSED cell 2',
      '3: 2|Eva|601',
      '4: ROW_QUOTE_UNCLOSED cell 2',
      '5: 4|Paz|603',
    ]);
  });

  it('gives back the rows that an unclosed quote swallowed up to a quote at the end of another row', async () => {
    expect(await rowsOf('1,"Ana,600\n2,Eva,601\n3,Luz,"\n4,Paz,603\n')).toEqual([
      '2: ROW_QUOTE_UNCLOSED cell 2',
      '3: 2|Eva|601',
      '4: ROW_QUOTE_UNCLOSED cell 3',
      '5: 4|Paz|603',
    ]);
  });

  it('gives back the rows that are swallowed though the record fits, a later row closing the quote in its column', async () => {
    expect(await rowsOf('1,"Ana,600\n2,Eva,601\n\n3,Luz,602\n4,Paz\n5,Mar",604\n6,Sol,605\n')).toEqual([
      '2: ROW_QUOTE_UNCLOSED cell 2',
      '3: 2|Eva|601',
      '5: 3|Luz|602',
      '6: ROW_CELLS_TOO_FEW cells 2 expected 3',
      '7: ROW_QUOTE_STRAY cell 2',
      '8: 6|Sol|605',
    ]);
    const wide = 'a;b;c;d;e;f;g\n1;"x;3;4;5;6;7\n2;x";3;4;5;6;7\n3;x;3;4;5;6;7\n';
    expect(inShort((await readFile(wide)).records)).toEqual([
      '2: ROW_QUOTE_UNCLOSED cell 2',
      '3: ROW_QUOTE_STRAY cell 2',
      '4: 3|x|3|4|5|6|7',
    ]);
  });

  it('is none when a note has many lines, with commas in them', async () => {
    const note =
      'Llamar, por favor,\npor la tarde, no antes de las 18, gracias\nPregunta por hogar, coche\ny vida, en ese orden';
    expect(await rowsOf(`1,"${note}",600\n2,Eva,"${note}"\n`)).toEqual([`2: 1|${note}|600`, `3: 2|Eva|${note}`]);
  });

  it('costs one line of a file however far the next quote is', async () => {
    const rows = Array.from({ length: 60_000 }, (_, n) => `${n},Ana María,600\n`);
    const told = await rowsOf(`a,"Sol,599\n${rows.join('')}b,"Fin",699\n`);
    expect([told.length, told[0], told[1], told.at(-1)]).toEqual([
      60_002,
      '2: ROW_QUOTE_UNCLOSED cell 2',
      '3: 0|Ana María|600',
      '60003: b|Fin|699',
    ]);
  });

  it('is one row when its line breaks are quoted and only its cells are too many', async () => {
    expect(await rowsOf('1,"nota\nlarga",600,más\n2,Eva,601\n')).toEqual([
      '2: ROW_CELLS_TOO_MANY cells 4 expected 3',
      '3: 2|Eva|601',
    ]);
  });

  it('is no matter when its stray quotes are those that keep a zero in a spreadsheet', async () => {
    expect(await rowsOf('="01",="Ana B",600\n2,"Eva, Luz",="08014"\r\n="3",Luz "x",602\n="4",Paz\n')).toEqual([
      '2: ="01"|="Ana B"|600',
      '3: 2|Eva, Luz|="08014"',
      '4: ROW_QUOTE_STRAY cell 2',
      '5: ROW_CELLS_TOO_FEW cells 2 expected 3',
    ]);
  });

  it('is no matter when the cells too many are empty', async () => {
    expect(await rowsOf('1,Ana,600,,\n')).toEqual(['2: 1|Ana|600']);
  });

  it('is any row of a file whose every line is broken', async () => {
    const told = await rowsOf('1,"Ana,600\n'.repeat(5000));
    expect(told.length).toBe(5000);
    expect(new Set(told.map((line) => line.replace(/^\d+: /, '')))).toEqual(new Set(['ROW_QUOTE_UNCLOSED cell 2']));
  });

  it('never makes a row disappear: every line is the header, a record, a fault or blank', async () => {
    const line = fc.constantFrom(
      '1,Ana,600',
      '',
      ',,',
      '1,"Ana,600',
      '1,Ana "B",600',
      '1,Ana',
      '1,"Ana",600',
      '1,Ana,600"',
      '"',
      '"1,Ana,600"',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
        const { records } = await readFile(`ID,Nombre,Tel\n1,Sol,599\n${lines.join('\n')}\n1,Fin,699\n`);
        const readable = records.filter((record) => 'cells' in record && record.cells.length === 3);
        // What stands alone on its line and is whole must come through, unless an open quote before it is closed in it.
        expect(inShort(records).at(0)).toBe('2: 1|Sol|599');
        expect(new Set(records.map(({ rowNumber }) => rowNumber)).size).toBe(records.length);
        const whole = lines.filter((text) => text === '1,Ana,600').length;
        expect(
          readable.filter((record) => 'cells' in record && record.cells[1] === 'Ana').length,
        ).toBeGreaterThanOrEqual(whole);
      }),
      { numRuns: 300 },
    );
  });
});
