import { describe, expect, it } from 'vitest';
import { readReason } from '../../src/console/acts/reason.ts';

describe('why somebody does something', () => {
  it('is one line of what an eye sees', () => {
    expect(readReason(' ticket\n8812,\u001B[2J as\u202E said ')).toEqual({
      kind: 'taken',
      text: 'ticket 8812, [2J as said',
    });
    expect(readReason('\u200B\u0007').kind).toBe('refused');
  });

  it.each([
    'of 00000001R',
    'of 0000\u200B0001R',
    'of 0000\u00AD0001R',
    'of ００００００01R',
    'ana\u2060@correo.example',
  ])('holds no NIF, phone or e-mail, also in a hidden form: %j', (typed) => {
    expect(readReason(typed)).toMatchObject({ kind: 'refused', why: 'personal' });
  });
});
