import { readNif } from './nif.ts';
import { readPhone } from './phone.ts';

const email = /[^\s@<>"',;:()]+@[^\s@<>"',;:()]+/gu;
/** Nine characters with a digit's place for a control letter at either end, punctuated in whatever way. */
const nifShape = /(?<![\p{L}\d])(?:[a-z][\s.-]?)?\d(?:[\s.-]?\d){6,7}[\s.-]?[a-z\d](?![\p{L}\d])/giu;
const phoneShape = /(?<![\p{L}\d])[+(]?\d(?:[\s.()/-]{0,2}\d){8,14}(?![\p{L}\d])/gu;

/**
 * A text that is shown and is not meant to say who somebody is: a file's name, a partner's own id. Partners put people
 * there, so what is an e-mail, a NIF or a phone number is replaced. Only what is valid: other numbers are ids and dates,
 * which have to be read. Names can't be told from other words and stay.
 */
export function maskPersonal(text: string): string {
  const withoutMails = text.replaceAll(email, '[e-mail]');
  const withoutNifs = replaceFound(withoutMails, nifShape, { by: '[NIF]', is: isNif });
  return replaceFound(withoutNifs, phoneShape, { by: '[phone]', is: isPhone });
}

function isNif(found: string): boolean {
  return found.replaceAll(/[\s.-]/g, '').length === 9 && readNif(found).kind === 'nif';
}

/** In a part of what was found a date would be a phone with a zero too many: 2026-[09-27 103015]. */
function isPhone(found: string, isWhole: boolean): boolean {
  // Of all the parts of a long number few are as long as a phone, and to read one takes long.
  if (!isWhole && !found.startsWith('+') && found.replaceAll(/\D/g, '').length !== 9) return false;
  const read = readPhone(found);
  return read.kind === 'phone' && (isWhole || read.repairs.length === 0);
}

const separators = /[\s.()/-]+/g;

/**
 * Replaces what looks so and is so. A shape also takes in what stands beside it, as in `x-00000001R` and `600000001-2`: then
 * its beginnings are looked at, and what begins further on.
 */
function replaceFound(
  text: string,
  shape: RegExp,
  { by, is }: { readonly by: string; readonly is: (found: string, isWhole: boolean) => boolean },
): string {
  let replaced = '';
  let kept = 0;
  let from = 0;
  let begunAt = -1;
  for (;;) {
    shape.lastIndex = from;
    const found = shape.exec(text);
    if (found === null) return replaced + text.slice(kept);
    const [whole] = found;
    const cuts = [...whole.matchAll(separators)].map(({ index }) => index).toReversed();
    const isOne = [whole, ...cuts.map((at) => whole.slice(0, at))].find((part) =>
      is(part, part === whole && found.index >= begunAt),
    );
    begunAt = Math.max(begunAt, found.index + whole.length);
    from = found.index + (isOne?.length ?? 1);
    if (isOne === undefined) continue;
    replaced += text.slice(kept, found.index) + by;
    kept = from;
  }
}
