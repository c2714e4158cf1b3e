import { describe, expect, it } from 'vitest';
import { generous, rowsOf } from './a-file.ts';

const neighbours = (bad: string): string => `0,Sol,599\n${bad}\n2,"Eva",601\n3,Luz,602\n`;
const expected = (told: string): string[] => ['2: 0|Sol|599', `3: ${told}`, '4: 2|Eva|601', '5: 3|Luz|602'];

const megabytes = 'x'.repeat(3_000_000);
const tooLong = 'ROW_CELL_TOO_LONG cell 2 max 32767';

describe('a cell that is too long', () => {
  it.each([
    ['a long cell', `1,${'x'.repeat(40_000)},600`, tooLong],
    ['a long quoted cell', `1,"${'x'.repeat(40_000)}",600`, tooLong],
    ['megabytes', `1,${megabytes},600`, tooLong],
    ['megabytes in quotes', `1,"${megabytes}",600`, tooLong],
    ['megabytes in quotes, with quotes', `1,"${megabytes}""ñ""${megabytes}",600`, tooLong],
    ['megabytes of lines in quotes', `1,"${'una línea de una nota\n'.repeat(120_000)}",600`, tooLong],
    ['megabytes behind a stray quote', `1,Ana "B",${megabytes}`, 'ROW_QUOTE_STRAY cell 2'],
    ['megabytes of cells', `1${',abc'.repeat(600_000)}`, 'ROW_TOO_LONG max 1048576'],
  ])('costs its row alone: %s', async (_, bad, told) => {
    expect(await rowsOf(neighbours(bad))).toEqual(expected(told));
  });

  it('is told from one at the limit, in characters', async () => {
    const limits = { ...generous, maxCell: 6 };
    expect(await rowsOf('1,ññññññ,600\n2,ñññññññ,601\n', limits)).toEqual([
      '2: 1|ññññññ|600',
      '3: ROW_CELL_TOO_LONG cell 2 max 6',
    ]);
  });

  it('ends where the file ends, and before a row that stands alone below an open quote', async () => {
    expect(await rowsOf(`1,"${megabytes}`)).toEqual([`2: ${tooLong}`]);
    const lines = 'una línea\n'.repeat(120_000);
    expect(await rowsOf(`1,"${lines}2,Eva,601\n3,Luz,602\n`)).toEqual([
      `2: ${tooLong}`,
      '3: 2|Eva|601',
      '4: 3|Luz|602',
    ]);
  });

  it('may be as long as the config says', async () => {
    const [first] = await rowsOf(`1,"${megabytes}",600\n`, { ...generous, maxCell: 4_000_000 });
    expect(first?.length).toBe(megabytes.length + '2: 1||600'.length);
  });
});
