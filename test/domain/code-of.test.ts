import { describe, expect, it } from 'vitest';
import { codeOf } from '../../src/domain/code-of.ts';

const words = { Coche: '1', 'Hogar y vida': '2', 'Cerrado ganado': '20' };

describe('codeOf', () => {
  it.each([
    ['COCHE', '1'],
    ['hogar  y vida', '2'],
    ['cerrado ganado', '20'],
    ['20', '20'],
    ['3', null],
    ['Moto', null],
  ])('reads %j', (text, code) => {
    expect(codeOf(text, words)).toBe(code);
  });
});
