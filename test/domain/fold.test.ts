import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/domain/fold.ts';

describe('fold', () => {
  it.each([
    ['  Teléfono   MÓVIL ', 'telefono movil'],
    ['Person - Phone - Work', 'person phone work'],
    ['Cód. postal', 'cod postal'],
    ['C.P.', 'c p'],
    ['Nº documento', 'no documento'],
    ['full_name', 'full name'],
    ['Campan\u0303a', 'campana'],
    ['-', '-'],
    ['', ''],
  ])('folds %j', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it('folds a word of plain letters and digits as it folds any other', () => {
    fc.assert(fc.property(fc.stringMatching(/^[A-Za-z0-9]+$/), (word) => fold(word) === fold(` ${word}`)));
  });

  it('folds a folded text to itself', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fold(fold(text)) === fold(text)));
  });
});
