import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { readPhone, writePhone } from '../../src/domain/phone.ts';

const readable: readonly (readonly [string, string])[] = [
  ['612345678', '612345678'],
  ['+34 612 34 56 78', '612345678'],
  ['0034612345678', '612345678'],
  ['34 612345678', '612345678'],
  ['(+34) 612.345.678', '612345678'],
  ['612\u00A0345\u00A0678', '612345678'],
  ['６１２３４５６７８', '612345678'],
  ['91 234 00 00', '912340000'],
  ['91.234.00.00', '912340000'],
  ['91/2345678', '912345678'],
  ['712345678', '712345678'],
  ['tel:+34612345678', '612345678'],
  ['p:+34612345678', '612345678'],
  ['="612345678"', '612345678'],
  ["'+34612345678", '612345678'],
  ['+33 6 12 34 56 78', '+33612345678'],
  ['0033612345678', '+33612345678'],
  ['+351 912 345 678', '+351912345678'],
  ['+376 312 345', '+376312345'],
];

const repaired: readonly (readonly [string, string, string])[] = [
  ['6,12345678E+08', '612345678', 'digits_restored'],
  ['3,4612345679E+10', '612345679', 'digits_restored'],
  ['612345678.0', '612345678', 'decimal_zeros'],
  ['612345678,00', '612345678', 'decimal_zeros'],
  ['0612345678', '612345678', 'trunk_zero'],
  ['+34 (0) 612345678', '612345678', 'trunk_zero'],
  ['612345678 / 934567890', '612345678', 'first_of_several'],
  ['612345678;634567890', '612345678', 'first_of_several'],
  ['no tiene y 934567890', '934567890', 'first_of_several'],
  ['612345678 ext. 12', '612345678', 'extension'],
];

describe('readPhone', () => {
  it.each(readable)('reads %j', (text, phone) => {
    expect(readPhone(text)).toEqual({ kind: 'phone', phone, unusual: false, repairs: [] });
  });

  it.each(repaired)('repairs %j', (text, phone, repair) => {
    expect(readPhone(text)).toMatchObject({ kind: 'phone', phone, repairs: [repair] });
  });

  it.each(['6,12E+08', '6.12E+08', '6.1234568E+08', '3,46E+10', '6E+08'])(
    'never guesses the digits behind %j',
    (text) => {
      expect(readPhone(text)).toEqual({ kind: 'problem', code: 'ROW_ID_PRECISION_LOST' });
    },
  );

  it.each([
    '751234567',
    '999999999',
    '12345678',
    '6123456E2',
    '806123456',
    'no tiene',
    '-',
    '34',
    '000000000',
    '+34 512',
  ])('rejects %j', (text) => {
    expect(readPhone(text)).toEqual({ kind: 'problem', code: 'ROW_PHONE_INVALID' });
  });

  it.each(['900123456', '902123456', '700123456'])("remarks that %s is nobody's own number", (text) => {
    expect(readPhone(text)).toMatchObject({ kind: 'phone', phone: text, unusual: true });
  });

  it('says of nine digits what libphonenumber says, so its short cut changes nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100_000_000, max: 999_999_999 }), (number) => {
        const known = parsePhoneNumberFromString(String(number), 'ES');
        const isGood = known !== undefined && known.isValid() && known.getType() !== 'PREMIUM_RATE';
        expect(readPhone(String(number)).kind === 'phone').toBe(isGood);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('writePhone', () => {
  it.each([
    ['612345678', 'national', '612345678'],
    ['612345678', 'e164', '+34612345678'],
    ['+33612345678', 'national', '+33612345678'],
    ['+33612345678', 'e164', '+33612345678'],
  ] as const)('writes %s in the %s form as %s', (phone, format, written) => {
    expect(writePhone(phone, format)).toBe(written);
  });
});
