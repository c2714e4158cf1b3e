import { expect, test } from 'vitest';
import { spreadsheetCell } from '../../../src/sandbox/ficha-gestion/spreadsheet-cell.ts';

/** As the rule of spreadsheet-cell.ts, and /docs, have a program do it. */
function readBack(cell: string): string {
  return /^'+\s*[=+\-@\t\r\0＝＋－＠]/.test(cell) ? cell.slice(1) : cell;
}

const texts = [
  '=1',
  "'=1",
  "''=1",
  ' =1',
  "' =1",
  '-77',
  "'-77",
  '+34 600',
  '@a',
  '＝1',
  "'＝1",
  '\t1',
  "'",
  "''",
  "O'Neill",
  "'a",
  '',
];

test.each(texts)('%j can be read back', (text) => {
  expect(readBack(spreadsheetCell(text))).toBe(text);
});

test('no two texts are written alike, and none begins a formula', () => {
  const cells = texts.map(spreadsheetCell);
  expect(new Set(cells).size).toBe(texts.length);
  expect(cells.filter((cell) => /^\s*[=+\-@\t\r\0＝＋－＠]/.test(cell))).toEqual([]);
});
