import fc from 'fast-check';
import { truncate } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { csvRecordReader } from '../../../src/adapters/csv/csv-record-reader.ts';
import { aFile, generous, inShort, openFile, readFile } from './a-file.ts';

const header = 'ID,Nombre,Tel\n';

async function rowsOf(body: string): Promise<readonly string[]> {
  return inShort((await readFile(header + body)).records);
}

describe('numbering', () => {
  it('counts as a spreadsheet does: the header, blank lines, and a quoted line break not at all', async () => {
    expect(await rowsOf('1,Ana,600\n\n2,"Eva\nMaría",601\n,,\n3,Luz,602\n')).toEqual([
      '2: 1|Ana|600',
      '4: 2|Eva\nMaría|601',
      '6: 3|Luz|602',
    ]);
  });

  it('passes over trailing empty rows', async () => {
    expect(await rowsOf('1,Ana,600\n,,\n,,\n\n')).toEqual(['2: 1|Ana|600']);
  });

  it('does not count the sep= line', async () => {
    const { delimiter, header: names, records } = await readFile('sep=;\r\nID;Nombre\r\n1;Ana, B\r\n');
    expect([delimiter, names, inShort(records)]).toEqual([';', ['ID', 'Nombre'], ['2: 1|Ana, B']]);
  });

  it('reads the last row without a line ending, and mixed line endings', async () => {
    expect(await rowsOf('1,Ana,600\r\n2,Eva,601\r3,Luz,602\n4,Paz,603')).toEqual([
      '2: 1|Ana|600',
      '3: 2|Eva|601',
      '4: 3|Luz|602',
      '5: 4|Paz|603',
    ]);
  });
});

describe('a record that cannot be read', () => {
  it.each([
    ['too few cells', '1,Ana\n'],
    ['too many cells', '1,Ana,600,más\n'],
    ['a stray quote', '1,Ana "la" B,600\n'],
    ['a quote that closes too early', '1,"Ana" B,600\n'],
    ['a quote that is never closed', '1,"Ana,600\n'],
    ['a quote at the end of a cell', '1,Ana,600"\n'],
    ['an overlong line', `1,${'x'.repeat(70_000)},600\n`],
    ['an overlong quoted cell', `1,"${'x'.repeat(70_000)}",600\n`],
  ])('is reported with its number and stops no neighbour: %s', async (_, bad) => {
    expect(await rowsOf(`0,Sol,599\n${bad}2,"Eva",601\n3,Luz,602\n`)).toEqual([
      '2: 0|Sol|599',
      '3: unreadable',
      '4: 2|Eva|601',
      '5: 3|Luz|602',
    ]);
  });

  it('costs one line when a quote is never closed and nothing else in the file is quoted', async () => {
    expect(await rowsOf('1,"Ana,600\n2,Eva,601\n3,Luz,602\n')).toEqual([
      '2: unreadable',
      '3: 2|Eva|601',
      '4: 3|Luz|602',
    ]);
  });

  it('gives back the rows between two unclosed quotes', async () => {
    expect(await rowsOf('1,"Ana,600\n2,Eva,601\n3,"Luz,602\n4,Paz,603\n')).toEqual([
      '2: unreadable',
      '3: 2|Eva|601',
      '4: unreadable',
      '5: 4|Paz|603',
    ]);
  });

  it('gives back the rows that an unclosed quote swallowed up to a quote at the end of another row', async () => {
    expect(await rowsOf('1,"Ana,600\n2,Eva,601\n3,Luz,"\n4,Paz,603\n')).toEqual([
      '2: unreadable',
      '3: 2|Eva|601',
      '4: unreadable',
      '5: 4|Paz|603',
    ]);
  });

  it('is one row when its line breaks are quoted and only its cells are too many', async () => {
    expect(await rowsOf('1,"nota\nlarga",600,más\n2,Eva,601\n')).toEqual(['2: unreadable', '3: 2|Eva|601']);
  });

  it('is no matter when the cells too many are empty', async () => {
    expect(await rowsOf('1,Ana,600,,\n')).toEqual(['2: 1|Ana|600']);
  });

  it('is one row even if it is longer than a block of reading, and unfinished', async () => {
    const long = 'x'.repeat(700_000);
    expect(await rowsOf(`1,${long}\n2,Eva,601\n3,${long}`)).toEqual(['2: unreadable', '3: 2|Eva|601', '4: unreadable']);
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
        const { records } = await readFile(`${header}1,Sol,599\n${lines.join('\n')}\n1,Fin,699\n`);
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

describe('a file that cannot be read', () => {
  const xlsx = Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.from('....[Content_Types].xml')]);
  it.each<[string, string | Uint8Array, string]>([
    ['no bytes', '', 'FILE_EMPTY'],
    ['blank lines', '\n\r\n  \n', 'FILE_EMPTY'],
    ['a byte order mark', '\uFEFF', 'FILE_EMPTY'],
    ['a header', header, 'FILE_NO_ROWS'],
    ['a header and empty rows', `${header},,\n\n`, 'FILE_NO_ROWS'],
    ['a spreadsheet', xlsx, 'FILE_NOT_CSV'],
    ['a PDF', '%PDF-1.7\n', 'FILE_NOT_CSV'],
    ['a web page', '<!DOCTYPE html><html></html>', 'FILE_NOT_CSV'],
    ['a broken header', 'ID,Nom"bre,Tel\n1,2,3\n', 'FILE_HEADER_UNREADABLE'],
    ['bytes that are no text', Buffer.from('ID,Nombre\n1,Jos\u0081\n', 'latin1'), 'FILE_ENCODING_UNREADABLE'],
    ['zeros', Buffer.concat([Buffer.from(`${header}1,Ana,600\n`), Buffer.alloc(500)]), 'FILE_ENCODING_UNREADABLE'],
  ])('is refused with %s', async (_, content, fault) => {
    expect(await openFile(content)).toMatchObject({ fault });
  });

  it('names the format it found', async () => {
    expect(await openFile(xlsx)).toMatchObject({ detail: { found: 'XLSX' } });
  });

  it('is refused over its limits, and not one row below them', async () => {
    const three = `${header}1,"Ana\nB",600\n2,Eva,601\n3,Luz,602\n`;
    expect(await openFile(three, {}, { ...generous, maxRows: 2 })).toEqual({
      fault: 'FILE_TOO_LARGE',
      detail: { maxRows: 2 },
    });
    expect(await openFile(three, {}, { ...generous, maxRows: 3 })).toMatchObject({ delimiter: ',' });
    expect(await openFile(three, {}, { ...generous, maxBytes: 20 })).toEqual({
      fault: 'FILE_TOO_LARGE',
      detail: { maxBytes: 20 },
    });
  });

  it('is refused when the config names an encoding that its bytes are not in', async () => {
    const bytes = iconv.encode('ID,Nombre\n1,José\n', 'win1252');
    expect(await openFile(bytes, { encoding: 'utf-8' })).toEqual({
      fault: 'FILE_ENCODING_UNREADABLE',
      detail: { encoding: 'utf-8' },
    });
    expect(await openFile(bytes, { encoding: 'klingon' })).toMatchObject({ fault: 'FILE_ENCODING_UNREADABLE' });
  });
});

describe('reading', () => {
  it('can be started again from the top', async () => {
    const opened = await openFile(`${header}1,Ana,600\n`);
    if ('fault' in opened) throw new Error(opened.fault);
    const [first, second] = [await Array.fromAsync(opened.records), await Array.fromAsync(opened.records)];
    expect(second).toEqual(first);
  });

  it('finds the first accent of a long file', async () => {
    const text = header + '1,Ana,600\n'.repeat(150_000) + '2,Núñez,601\n';
    const { encoding, records } = await readFile(iconv.encode(text, 'win1252'));
    expect([encoding, inShort(records.slice(-1))]).toEqual(['windows-1252', ['150002: 2|Núñez|601']]);
  });

  it('holds no more than a few blocks in memory', async () => {
    const path = await aFile(header + '1,Ana María de la Concepción,600123456\n'.repeat(400_000));
    const opened = await csvRecordReader.open(path, { match: '*' }, generous);
    if ('fault' in opened) throw new Error(opened.fault);
    let rows = 0;
    for await (const _ of opened.records) rows++;
    expect(rows).toBe(400_000);
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(64 << 20);
  });

  it('stops where the file stops, when it is cut while it is read', async () => {
    const path = await aFile(header + '1,Ana,600\n'.repeat(100_000));
    const opened = await csvRecordReader.open(path, { match: '*' }, generous);
    if ('fault' in opened) throw new Error(opened.fault);
    await truncate(path, 500_000);
    expect((await Array.fromAsync(opened.records)).length).toBeLessThan(100_000);
  });

  it('brings any table through any encoding, delimiter and line ending', async () => {
    const word = fc.string({ unit: fc.constantFrom(...'abAZñÑáéü€ºª”0189.,;|\t"\n\' -@='), maxLength: 12 });
    const tables = fc
      .integer({ min: 2, max: 6 })
      .chain((width) =>
        fc.array(fc.array(word, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }),
      );
    const encodings = fc.constantFrom<[string, string, boolean]>(
      ['utf-8', 'utf-8', false],
      ['utf-8', 'utf-8', true],
      ['windows-1252', 'win1252', false],
      ['utf-16le', 'utf-16le', true],
      ['utf-16be', 'utf-16be', true],
    );
    const quoted = (cell: string, delimiter: string, always: boolean): string =>
      always || /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
    await fc.assert(
      fc.asyncProperty(
        tables,
        encodings,
        fc.constantFrom(';', ',', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        async (table, [name, codec, addBOM], delimiter, newline, always, isLastEnded) => {
          const names = (table[0] ?? []).map((_, at) => `Año${at}`);
          const lines = [names, ...table].map((cells) =>
            cells.map((cell) => quoted(cell, delimiter, always)).join(delimiter),
          );
          const text = lines.join(newline) + (isLastEnded ? newline : '');
          const filled = table.flatMap((cells, at) =>
            cells.some((cell) => cell.trim() !== '') ? [{ rowNumber: at + 2, cells }] : [],
          );
          fc.pre(filled.length > 0);
          const read = await readFile(iconv.encode(text, codec, { addBOM }), { delimiter });
          expect(read).toEqual({ encoding: name, delimiter, header: names, records: filled });
        },
      ),
      { numRuns: 400 },
    );
  });
});
