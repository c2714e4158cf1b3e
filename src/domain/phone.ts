import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { restoreDigits } from './precision-lost.ts';
import { unwrapSpreadsheet } from './unwrap-spreadsheet.ts';

type PhoneRepair = 'digits_restored' | 'decimal_zeros' | 'trunk_zero' | 'extension' | 'first_of_several';

/** `unusual`: a number that can be called but is nobody's own: personal, universal access, free or shared-cost. */
export type ReadPhone =
  | {
      readonly kind: 'phone';
      /** Nine digits for Spain, E.164 for everywhere else. */
      readonly phone: string;
      readonly unusual: boolean;
      readonly repairs: readonly PhoneRepair[];
    }
  | { readonly kind: 'problem'; readonly code: 'ROW_PHONE_INVALID' | 'ROW_ID_PRECISION_LOST' };

// A subset of what libphonenumber calls MOBILE or FIXED_LINE in Spain, tested against it: the library costs 40 times more.
const plainSpanish =
  /^(?:\+34|0034|34)?((?:6\d|7[1-4])\d{7}|(?:8(?:[1356]\d|[28][0-8]|[47][1-9])|9(?:[135]\d|[268][0-8]|4[1-9]|7[124-9]))\d{6})$/;
const punctuation = /[\s.()\-/\u2010-\u2015\u2212]+/g;
const prefix = /^(?:tel|p):/i;
const severalNumbers = /[/;,|]|\s(?:y|o|e|ó)\s/i;

/** Reads a phone number. Without a country prefix it is Spanish. */
export function readPhone(cell: string): ReadPhone {
  const plain = plainSpanish.exec(cell)?.[1];
  if (plain !== undefined) return { kind: 'phone', phone: plain, unusual: false, repairs: [] };
  const text = unwrapSpreadsheet(
    cell
      .normalize('NFKC')
      .replace(/[\p{Cc}\p{Cf}]+/gu, '')
      .trim(),
  )
    .replace(prefix, '')
    .trim();
  // First of all: Number('6,12E+08') is a valid mobile number of a stranger.
  const digits = restoreDigits(text);
  if (digits.kind === 'lost') return { kind: 'problem', code: 'ROW_ID_PRECISION_LOST' };
  const repairs: PhoneRepair[] = digits.kind === 'restored' ? ['digits_restored'] : [];
  // Only after a whole number: 91.234.00.00 ends in .00 as well.
  const whole = digits.text.replace(/^(\+?\d{9,15})[.,]0+$/, '$1');
  if (whole !== digits.text) repairs.push('decimal_zeros');
  return (
    readOne(whole, repairs) ?? readFirstOfSeveral(whole, repairs) ?? { kind: 'problem', code: 'ROW_PHONE_INVALID' }
  );
}

/** How a deployment of the API wants phones: 612345678, or +34612345678. */
export type PhoneFormat = 'national' | 'e164';

/** A phone as read here, in the API's format. Numbers of other countries are E.164 in both. */
export function writePhone(phone: string, format: PhoneFormat): string {
  return format === 'national' || phone.startsWith('+') ? phone : `+34${phone}`;
}

function readFirstOfSeveral(text: string, repairs: readonly PhoneRepair[]): ReadPhone | null {
  if (!severalNumbers.test(text)) return null;
  for (const part of text.split(severalNumbers)) {
    const read = readOne(part.trim(), [...repairs, 'first_of_several']);
    if (read !== null) return read;
  }
  return null;
}

function readOne(text: string, repairs: readonly PhoneRepair[]): ReadPhone | null {
  const spanish = plainSpanish.exec(text.replace(punctuation, ''))?.[1];
  if (spanish !== undefined) return { kind: 'phone', phone: spanish, unusual: false, repairs };
  // Letters would be dialled as on a keypad: 6123456E2 would become 612345632.
  if (/\p{L}/u.test(text.replace(/\s*(?:ext|extension|x)\.?\s*\d{1,6}$/i, ''))) return null;
  return readWithLibrary(text, repairs) ?? readWithoutTrunkZero(text, repairs);
}

function readWithoutTrunkZero(text: string, repairs: readonly PhoneRepair[]): ReadPhone | null {
  const without = text.replace(/^((?:\+|00)34\s*)?\(?0\)?\s*(?=[6-9])/, '$1');
  return without === text ? null : readOne(without, [...repairs, 'trunk_zero']);
}

function readWithLibrary(text: string, repairs: readonly PhoneRepair[]): ReadPhone | null {
  const number = parsePhoneNumberFromString(text.replace(/^00/, '+'), { defaultCountry: 'ES', extract: false });
  if (number === undefined || !number.isValid()) return null;
  const type = number.getType();
  if (type === 'PREMIUM_RATE' || type === 'PAGER') return null;
  // `612345678,0` parses as an extension; two numbers in one cell do too.
  if (number.ext !== undefined && number.ext.length > 6) return null;
  return {
    kind: 'phone',
    phone: number.countryCallingCode === '34' ? number.nationalNumber : number.number,
    unusual: type === 'PERSONAL_NUMBER' || type === 'UAN' || type === 'TOLL_FREE' || type === 'SHARED_COST',
    repairs: number.ext === undefined ? repairs : [...repairs, 'extension'],
  };
}
