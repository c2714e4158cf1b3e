import fc from 'fast-check';
import { stdnum } from 'stdnum';
import { describe, expect, it } from 'vitest';
import { readNif } from '../../src/domain/nif.ts';

const spanish = stdnum['ES'] ?? {};

const valid =
  '12345678Z 00000000T 00000001R 01234567L 99999999R 54362315K 11111111H X1234567L Y1234567X Z1234567R X5253868R Y0000000Z ' +
  'Z9999999H A58818501 B64717838 A13585625 J99216582 J9921658B P2009300A Q2826000H N0012345E W0011223E G28000024 S1234567D ' +
  'K1234567L M2812345C K0867756I';

const repaired: readonly (readonly [string, string])[] = [
  ['12345678z', '12345678Z'],
  ['12345678-Z', '12345678Z'],
  ['12.345.678-Z', '12345678Z'],
  [' 12345678 Z ', '12345678Z'],
  ['12345678\u00A0Z', '12345678Z'],
  ['1234567L', '01234567L'],
  ['1R', '00000001R'],
  ['ES12345678Z', '12345678Z'],
  ['ES B-64717838', 'B64717838'],
  ['x-1234567-l', 'X1234567L'],
  ['X01234567L', 'X1234567L'],
  ['="01234567L"', '01234567L'],
  ["'01234567L", '01234567L'],
  ['１２３４５６７８Z', '12345678Z'],
  ['b64717838', 'B64717838'],
  ['12345678\u2010Z', '12345678Z'],
  ['NIF: 12345678Z', '12345678Z'],
  ['DNI/NIE 12345678Z', '12345678Z'],
  ['\uFEFF12345678\u200BZ', '12345678Z'],
  ['X123456S', 'X0123456S'],
];

const invalid: readonly (readonly [string, string])[] = [
  ['12345678A', 'control'],
  ['12345678', 'missing_control_letter'],
  ['123456789', 'format'],
  ['12345678ZZ', 'format'],
  ['12345678I', 'control'],
  ['12345678Ñ', 'format'],
  ['X1234567A', 'control'],
  ['W1234567L', 'format'],
  ['XX234567L', 'format'],
  ['A58818502', 'control'],
  ['I1234567D', 'format'],
  ['O1234567D', 'format'],
  ['T1234567D', 'format'],
  ['B12345678', 'control'],
  ['K1234567A', 'control'],
  ['K12X4567N', 'format'],
  ['1e000001X', 'format'],
  ['0x00000AX', 'format'],
  ['1.000000R', 'control'],
  ['1,23457E+07', 'format'],
  ['N/A', 'format'],
  ['', 'empty'],
];

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });

describe('readNif', () => {
  it.each(valid.split(' '))('accepts %s', (text) => {
    expect(readNif(text)).toMatchObject({ kind: 'nif', nif: text, repairs: [], unusualControl: false });
  });

  it.each(repaired)('repairs %j', (text, nif) => {
    const read = readNif(text);
    expect(read).toMatchObject({ kind: 'nif', nif });
    if (read.kind === 'nif' && text.trim() !== nif) expect(read.repairs).not.toEqual([]);
  });

  it.each(invalid)('rejects %j as %s', (text, reason) => {
    expect(readNif(text)).toEqual({ kind: 'problem', code: 'ROW_NIF_INVALID', reason });
  });

  it.each(['A5881850A', 'P20093001', 'B6471783H'])('accepts %s with a remark on the kind of its control', (text) => {
    expect(readNif(text)).toMatchObject({ kind: 'nif', nif: text, unusualControl: true });
  });

  it('tells the kinds apart', () => {
    const kinds = ['12345678Z', 'X1234567L', 'K1234567L', 'B64717838'].map((text) => {
      const read = readNif(text);
      return read.kind === 'nif' ? read.nifKind : null;
    });
    expect(kinds).toEqual(['dni', 'nie', 'klm', 'entity']);
  });

  it('agrees with stdnum on DNI and NIE of any control letter', () => {
    const persons = fc.tuple(
      fc.constantFrom('', 'X', 'Y', 'Z'),
      digits(8),
      fc.constantFrom(...'ABCDEFGHJKLMNPQRSTVWXYZ'),
    );
    fc.assert(
      fc.property(persons, ([first, number, letter]) => {
        const text = first === '' ? number + letter : first + number.slice(1) + letter;
        const validator = first === '' ? spanish['dni'] : spanish['nie'];
        expect(readNif(text).kind === 'nif').toBe(validator?.validate(text).isValid);
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with stdnum on the control value of entities', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...'ABCDEFGHJNPQRSUVW'),
        digits(7),
        fc.constantFrom(...'0123456789ABCDEFGHIJ'),
        (first, number, control) => {
          const text = first + number + control;
          expect(readNif(text).kind === 'nif').toBe(spanish['cif']?.validate(text).isValid);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('reads its own result again unchanged, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[XYZKLMABES 0-9.-]{6,12}[A-Z]$/)),
        (text) => {
          const read = readNif(text);
          if (read.kind === 'nif') expect(readNif(read.nif)).toMatchObject({ kind: 'nif', nif: read.nif, repairs: [] });
        },
      ),
    );
  });
});
