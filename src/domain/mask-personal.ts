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
  return text
    .replaceAll(email, '[e-mail]')
    .replaceAll(nifShape, (found) =>
      found.replaceAll(/[\s.-]/g, '').length === 9 && readNif(found).kind === 'nif' ? '[NIF]' : found,
    )
    .replaceAll(phoneShape, (found) => (readPhone(found).kind === 'phone' ? '[phone]' : found));
}
