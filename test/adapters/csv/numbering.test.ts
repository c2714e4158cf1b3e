import { describe, expect, it } from 'vitest';
import { inShort, readFile, rowsOf } from './a-file.ts';

describe('rows are numbered as a spreadsheet does it', () => {
  it('counts the header and blank lines, and a quoted line break not at all', async () => {
    expect(await rowsOf('1,Ana,600\n\n2,"Eva\nMaría",601\n,,\n3,Luz,602\n')).toEqual([
      '2: 1|Ana|600',
      '4: 2|Eva\nMaría|601',
      '6: 3|Luz|602',
    ]);
  });

  it('passes over trailing empty rows', async () => {
    expect(await rowsOf('1,Ana,600\n,,\n,,\n\n')).toEqual(['2: 1|Ana|600']);
  });

  it('counts blank lines above the header', async () => {
    const { header, records } = await readFile('\n;;\nID;Nombre;Tel\n1;Ana;600\n');
    expect([header, inShort(records)]).toEqual([['ID', 'Nombre', 'Tel'], ['4: 1|Ana|600']]);
  });

  it.each(['sep=;', 'SEP=;', '"sep=;"'])('does not count the line %s', async (line) => {
    const { delimiter, header, records } = await readFile(`${line}\r\nID;Nombre\r\n1;Ana, B\r\n`);
    expect([delimiter, header, inShort(records)]).toEqual([';', ['ID', 'Nombre'], ['2: 1|Ana, B']]);
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

describe('a header', () => {
  it('may have nameless columns at its end, which rows may leave out', async () => {
    const { header, records } = await readFile('ID;Nombre;;\n1;Ana\n2;Eva;;\n3;Luz;nota;\n4;Paz;;;;\n5;Mar;;;x\n');
    expect(header).toEqual(['ID', 'Nombre', '', '']);
    expect(inShort(records)).toEqual([
      '2: 1|Ana',
      '3: 2|Eva||',
      '4: 3|Luz|nota|',
      '5: 4|Paz||',
      '6: ROW_CELLS_TOO_MANY cells 5 expected 4',
    ]);
  });

  it('keeps names that stand twice, for the mapping to judge', async () => {
    expect((await readFile('ID;Tel;Tel\n1;600;601\n')).header).toEqual(['ID', 'Tel', 'Tel']);
  });
});
