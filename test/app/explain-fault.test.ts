import { expect, it } from 'vitest';
import { explainFault } from '../../src/app/explain-fault.ts';

it('says what to do with a file of another format, by its kind', () => {
  expect(explainFault('FILE_NOT_CSV', 'es', { found: 'XLSX' })).toBe(
    'FILE_NOT_CSV\nNo es un CSV, sino XLSX. Ábralo con la hoja de cálculo, elija «Guardar como», «CSV UTF-8», y envíe ese fichero.\n',
  );
  expect(explainFault('FILE_NOT_CSV', 'en', { found: 'ZIP' })).toContain('Unpack it and send the CSV');
  expect(explainFault('FILE_NOT_CSV', 'en', { found: 'HTML' })).toContain('login page: export again');
  expect(explainFault('FILE_NOT_CSV', 'en', { found: 'something new' })).toContain('Export it as CSV UTF-8.');
});

it('names the patterns, and leaves no empty place', () => {
  expect(explainFault('FILE_UNMATCHED', 'es', { patterns: '*.csv, *.txt' })).toContain('*.csv, *.txt');
  expect(explainFault('FILE_COLUMNS_MISSING', 'es', {})).toBe('FILE_COLUMNS_MISSING\nFaltan columnas: ….\n');
});
