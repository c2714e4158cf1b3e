import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from '../../src/domain/clean-text.ts';

describe('cleanText', () => {
  it.each([
    ['  María   José ', 'María José'],
    ['Nun\u0303ez', 'Núñez'.replace('ú', 'u')],
    ['a\u0000b\u0007c', 'abc'],
    ['línea 1\r\nlínea 2', 'línea 1 línea 2'],
    ['a\u00A0b\u202Ec\u200B', 'a bc'],
    ['="08014"', '08014'],
    ["'0051245", '0051245'],
    ["'s Hertogenbosch", "'s Hertogenbosch"],
    ['\uD800x', '\uFFFDx'],
  ])('cleans %j', (cell, text) => {
    expect(cleanText(cell)).toBe(text);
  });

  it.each(
    Array.from({ length: 0x100 - 0xa1 }, (_, at) => String.fromCharCode(0xa1 + at)).filter((one) => one !== '\u00AD'),
  )('has nothing to do for %s, which is one character and visible', (letter) => {
    for (const text of [letter, `x${letter}`, `${letter} ${letter}`]) {
      expect([text, text.normalize('NFC'), /[\p{Cc}\p{Cf}\p{Zs}]/u.test(letter)]).toEqual([text, text, false]);
      expect(cleanText(text)).toBe(text);
    }
  });

  it('leaves nothing that cannot be seen, and no other form of a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (cell) => {
        const text = cleanText(cell);
        expect(text).toBe(text.normalize('NFC').trim());
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});
