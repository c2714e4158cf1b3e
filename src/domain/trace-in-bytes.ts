import type { PersonKey } from './person-key.ts';

/** Whether something like a person's value stands in bytes that come piece by piece. */
export interface TraceInBytes {
  /** True as soon as it was seen. */
  take(bytes: Uint8Array): boolean;
}

/** So many digits tell enough, and stay exact. */
const digitsCompared = 9;

/**
 * Looks without knowing encoding or columns: at the digits alone, whatever stands between them, and at the letters of an
 * e-mail address without the zeros of UTF-16. It may see what is not there, for the next look to tell; what it does not see
 * is not there. A gigabyte takes seconds, where reading it as records takes minutes.
 */
export function traceInBytes(keys: readonly PersonKey[]): TraceInBytes {
  const numbers = keys.flatMap(({ kind, value }) => (kind === 'email' ? [] : [numberIn(value)]));
  const words = keys.flatMap(({ kind, value }) => (kind === 'email' ? [createWord(value)] : []));
  let isSeen = keys.some(({ kind, value }) => kind === 'email' && /[^\0-\x7f]/.test(value));
  return {
    take(bytes) {
      if (isSeen) return true;
      for (const byte of bytes) {
        if (byte >= 48 && byte <= 57) {
          for (const number of numbers) {
            number.now = (number.now * 10 + byte - 48) % number.modulus;
            if (number.now === number.wanted) return (isSeen = true);
          }
        }
        if (byte !== 0) for (const word of words) if (word.isAt(byte)) return (isSeen = true);
      }
      return false;
    },
  };
}

/** Without the zeros in front, which a spreadsheet takes away. */
function numberIn(value: string) {
  const digits = value.replaceAll(/\D/g, '').replace(/^0+/, '').slice(-digitsCompared);
  return { wanted: Number(digits), modulus: 10 ** digits.length, now: 0 };
}

/** Knuth, Morris and Pratt: looks at each byte once. */
function createWord(text: string): { isAt(byte: number): boolean } {
  const wanted = Array.from(text, (character) => character.charCodeAt(0));
  const back = [0];
  for (let at = 1, length = 0; at < wanted.length; at += 1) {
    while (length > 0 && wanted[at] !== wanted[length]) length = back[length - 1] ?? 0;
    if (wanted[at] === wanted[length]) length += 1;
    back[at] = length;
  }
  let matched = 0;
  return {
    isAt(byte) {
      const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte;
      while (matched > 0 && wanted[matched] !== lower) matched = back[matched - 1] ?? 0;
      if (wanted[matched] === lower) matched += 1;
      if (matched < wanted.length) return false;
      matched = back[matched - 1] ?? 0;
      return true;
    },
  };
}
