import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConsent } from '../../src/domain/consent.ts';

const words = { accepted: ['sí', 'Consentimiento concedido libremente', '1'], refused: ['no', 'No aplicable', '0'] };

describe('readConsent', () => {
  it.each([
    ['SI', 'accepted'],
    ['Sí.', 'accepted'],
    ['consentimiento  CONCEDIDO libremente', 'accepted'],
    ['No', 'refused'],
    ['no aplicable', 'refused'],
    ['', 'blank'],
    ['  ', 'blank'],
    ['-', 'unreadable'],
    ['Interés legítimo', 'unreadable'],
    ['sí, pero no', 'unreadable'],
    ['10', 'unreadable'],
  ])('reads %j as %s', (cell, consent) => {
    expect(readConsent(cell, words)).toBe(consent);
  });

  it('takes a word of both lists as refused', () => {
    expect(readConsent('x', { accepted: ['x'], refused: ['X'] })).toBe('refused');
  });

  it('accepts nothing that is not listed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (cell) => readConsent(cell, { accepted: [], refused: [] }) !== 'accepted',
      ),
    );
  });
});
