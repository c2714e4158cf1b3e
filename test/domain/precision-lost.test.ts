import { describe, expect, it } from 'vitest';
import { restoreDigits, restoreId } from '../../src/domain/precision-lost.ts';

describe('restoreDigits', () => {
  it.each([
    ['1,23456789E+08', '123456789'],
    ['1.5E+01', '15'],
    ['6.12345678e8', '612345678'],
  ])('restores %s, which shows every digit', (text, digits) => {
    expect(restoreDigits(text)).toEqual({ kind: 'restored', text: digits });
  });

  it.each(['6,12E+08', '1,23457E+16', '6E+08', '1,234E+02'])('gives %s up', (text) => {
    expect(restoreDigits(text)).toEqual({ kind: 'lost' });
  });

  it.each(['12E5', 'E+08', '00Q5E000001abcd', '612345678', 'HS-1'])('leaves %s alone', (text) => {
    expect(restoreDigits(text)).toEqual({ kind: 'untouched', text });
  });
});

describe('restoreId', () => {
  it.each(['1234567890123450', '12345678901234500', '23851234567890100000'])(
    'gives %s up: rounded to 15 digits',
    (text) => {
      expect(restoreId(text)).toEqual({ kind: 'lost' });
    },
  );

  it.each(['123456789012300', '1234567890123456', '23851234567890123'])('leaves %s alone', (text) => {
    expect(restoreId(text)).toEqual({ kind: 'untouched', text });
  });
});
