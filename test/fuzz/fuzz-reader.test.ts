import { expect, it } from 'vitest';
import { fuzzReader } from './fuzz-reader.ts';

// A million inputs: node test/fuzz/fuzz-reader.ts --inputs 1000000 --seed 1
it('reads three thousand damaged files without losing a byte of them', async () => {
  const figures = await fuzzReader({ inputs: 3000, seed: 7 });
  expect(figures.inputs).toBe(3000);
  // The files are damaged in every way there is a word for, and most can be read all the same.
  expect(Object.keys(figures.faults)).toEqual(
    expect.arrayContaining([
      'ROW_CELLS_TOO_FEW',
      'ROW_CELLS_TOO_MANY',
      'ROW_QUOTE_STRAY',
      'ROW_QUOTE_UNCLOSED',
      'ROW_CELL_TOO_LONG',
      'ROW_TOO_LONG',
      'FILE_ENCODING_UNREADABLE',
    ]),
  );
  expect(figures.records).toBeGreaterThan(5000);
});
