import { unwrapSpreadsheet } from './unwrap-spreadsheet.ts';

type NifKind = 'dni' | 'nie' | 'klm' | 'entity';

type NifRepair =
  | 'width'
  | 'case'
  | 'wrapper'
  | 'separators'
  | 'label'
  | 'country_prefix'
  | 'leading_zeros'
  | 'old_nie_zero';

type NifReason = 'empty' | 'format' | 'missing_control_letter' | 'control';

/** `unusualControl`: an entity's control is a digit where a letter is the custom, or the reverse. The value is right. */
export type ReadNif =
  | {
      readonly kind: 'nif';
      readonly nif: string;
      readonly nifKind: NifKind;
      readonly unusualControl: boolean;
      readonly repairs: readonly NifRepair[];
    }
  | { readonly kind: 'problem'; readonly code: 'ROW_NIF_INVALID'; readonly reason: NifReason };

const personLetters = 'TRWAGMYFPDXBNJZSQVHLCKE';
const entityLetters = 'JABCDEFGHI';
const separators = /[\p{Z}\p{Cc}\p{Cf}\p{Pd}\u2212.,:;/\\_]+/gu;
const plainDni = /^\d{8}[A-Z]$/;

/**
 * Normalises and validates a Spanish tax number: DNI, NIE, K/L/M and the NIF of entities. A missing control letter is
 * never computed: that would turn every typo into a valid person.
 */
export function readNif(cell: string): ReadNif {
  const { text, repairs } = plainDni.test(cell) ? { text: cell, repairs: [] } : normalise(cell);
  if (text === '') return problem('empty');
  if (/^\d{8}[A-Z]$/.test(text)) {
    return personLetter(text.slice(0, 8)) === text[8] ? nif(text, 'dni', repairs) : problem('control');
  }
  if (/^[XYZ]\d{7}[A-Z]$/.test(text)) {
    const digits = String('XYZ'.indexOf(text.charAt(0))) + text.slice(1, 8);
    return personLetter(digits) === text[8] ? nif(text, 'nie', repairs) : problem('control');
  }
  if (/^[KLM]\d{7}[A-Z]$/.test(text)) {
    // The sources disagree on the algorithm and the law publishes none: either letter will do.
    const letters = [personLetter(text.slice(1, 8)), entityLetters[entityControl(text.slice(1, 8))]];
    return letters.includes(text.charAt(8)) ? nif(text, 'klm', repairs) : problem('control');
  }
  if (/^[ABCDEFGHJNPQRSUVW]\d{7}[\dA-J]$/.test(text)) return readEntity(text, repairs);
  return problem(/^(?:\d{1,8}|[XYZKLM]\d{7})$/.test(text) ? 'missing_control_letter' : 'format');
}

function normalise(cell: string): { text: string; repairs: NifRepair[] } {
  const repairs: NifRepair[] = [];
  let text = cell.trim();
  const step = (repair: NifRepair, next: string): void => {
    if (next !== text) repairs.push(repair);
    text = next;
  };
  step('width', text.normalize('NFKC').trim());
  step('case', text.toUpperCase());
  step('wrapper', unwrapSpreadsheet(text));
  step('separators', text.replace(separators, ''));
  step('label', text.replace(/^(?:DNI|NIF|NIE|CIF)+/, ''));
  // Only before 9 characters: E and S are also first letters of entities.
  step('country_prefix', text.replace(/^ES(?=.{9}$)/, ''));
  step('old_nie_zero', text.replace(/^X0(?=\d{7}[A-Z]$)/, 'X'));
  step('leading_zeros', withLeadingZeros(text));
  return { text, repairs };
}

function withLeadingZeros(text: string): string {
  if (/^\d{1,7}[A-Z]$/.test(text)) return text.padStart(9, '0');
  if (/^[XYZ]\d{1,6}[A-Z]$/.test(text)) return text.charAt(0) + text.slice(1).padStart(8, '0');
  return text;
}

function readEntity(text: string, repairs: readonly NifRepair[]): ReadNif {
  const control = entityControl(text.slice(1, 8));
  const written = text.charAt(8);
  if (written !== String(control) && written !== entityLetters[control]) return problem('control');
  const wantsLetter = /^(?:[PQRSNW]|.00)/.test(text);
  const wantsDigit = !wantsLetter && /^[ABEH]/.test(text);
  const isDigit = /\d/.test(written);
  return nif(text, 'entity', repairs, isDigit ? wantsLetter : wantsDigit);
}

function personLetter(digits: string): string {
  return personLetters.charAt(Number(digits) % 23);
}

function entityControl(digits: string): number {
  let sum = 0;
  for (let position = 0; position < 7; position++) {
    const digit = Number(digits[position]);
    if (position % 2 === 1) sum += digit;
    else sum += digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return (10 - (sum % 10)) % 10;
}

function nif(text: string, nifKind: NifKind, repairs: readonly NifRepair[], unusualControl = false): ReadNif {
  return { kind: 'nif', nif: text, nifKind, unusualControl, repairs };
}

function problem(reason: NifReason): ReadNif {
  return { kind: 'problem', code: 'ROW_NIF_INVALID', reason };
}
