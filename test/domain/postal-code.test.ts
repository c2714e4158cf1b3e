import { describe, expect, it } from 'vitest';
import { readPostalCode } from '../../src/domain/postal-code.ts';

describe('readPostalCode', () => {
  it.each([
    ['08014', '08014', 0],
    ['8014', '08014', 1],
    ['1001', '01001', 1],
    ['52001', '52001', 0],
    ['="08014"', '08014', 0],
    ["'08014", '08014', 0],
    ['E-08014', '08014', 0],
    ['ES 08014', '08014', 0],
    ['8.014', '08014', 1],
    ['28013.0', '28013', 0],
    ['28 013', '28013', 0],
  ])('reads %j', (text, postalCode, repairs) => {
    const read = readPostalCode(text);
    expect(read).toMatchObject({ kind: 'postalCode', postalCode });
    if (read.kind === 'postalCode') expect(read.repairs).toHaveLength(repairs);
  });

  it.each(['00000', '00100', '0801', '53001', '99999', '801', '280130', '8,01E+03', 'AD500', ''])(
    'rejects %j',
    (text) => {
      expect(readPostalCode(text)).toEqual({ kind: 'problem' });
    },
  );
});
