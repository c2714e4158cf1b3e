import { readAgent } from './agent.ts';
import { booleanOf } from './boolean-words.ts';
import { codeOf, type CodeWords } from './code-of.ts';
import { readEmail } from './email.ts';
import type { FaultCode } from './faults.ts';
import { fold } from './fold.ts';
import type { FieldRule } from './lead.ts';
import { readNif } from './nif.ts';
import type { Partner } from './partner.ts';
import { readPhone } from './phone.ts';
import { readPostalCode } from './postal-code.ts';
import { restoreId } from './precision-lost.ts';
import type { Problem } from './problem.ts';

/**
 * `notes` are what was repaired or is odd about a value that is used all the same. `unusable` is a value that no lead
 * is worth losing for.
 */
export type ReadField =
  | { readonly kind: 'value'; readonly value: string; readonly notes: readonly Problem[] }
  | { readonly kind: 'unusable' }
  | { readonly kind: 'problem'; readonly problem: Problem };

// How the NIF was typed is no news to anyone; a digit that was added or taken away is.
const quietNifRepairs: ReadonlySet<string> = new Set(['width', 'case', 'separators', 'wrapper']);

/**
 * Reads one non-empty field of a lead into the form in which it is sent. `words` translate the partner's words into
 * codes; a config's own default is a code already and has none.
 */
export function readField(
  rule: FieldRule,
  text: string,
  words: CodeWords | undefined,
  tooLong: Partner['tooLong'],
): ReadField {
  // The partner's words are better known to it than the contract's codes.
  const known = words === undefined ? (rule.values ?? []) : Object.keys(words);
  const code = words === undefined ? text : codeOf(text, words);
  if (code === null) return unknownCode(rule, known);
  const read = readByName(rule, code, known);
  if (read.kind !== 'value') return read;
  if (rule.maxLength === null || !isLongerThan(read.value, rule.maxLength)) return read;
  if (rule.name === 'name' && tooLong === 'shorten') {
    return value(shortenAtWord(read.value, rule.maxLength), [...read.notes, repaired('name', ['shortened'])]);
  }
  return problem('ROW_FIELD_TOO_LONG', rule.name, { max: rule.maxLength });
}

function readByName(rule: FieldRule, text: string, known: readonly string[]): ReadField {
  switch (rule.name) {
    case 'dni':
      return readDni(text);
    case 'phone':
      return readPhoneField(text);
    case 'email': {
      const read = readEmail(text);
      return read.kind === 'email' ? value(read.email) : { kind: 'unusable' };
    }
    case 'postalcode': {
      const read = readPostalCode(text);
      return read.kind === 'problem'
        ? { kind: 'unusable' }
        : value(read.postalCode, notesOf('postalcode', read.repairs));
    }
    case 'agenteId': {
      const read = readAgent(text);
      return read.kind === 'problem'
        ? problem(read.code, 'agenteId')
        : value(read.agenteId, notesOf('agenteId', read.repairs));
    }
    case 'partnerLeadId':
    case 'idLanding':
      return readId(rule.name, text);
    default:
      return readCoded(rule, text, known);
  }
}

function readDni(text: string): ReadField {
  const read = readNif(text);
  if (read.kind === 'problem') return problem(read.code, 'dni', { reason: read.reason });
  const notes = notesOf(
    'dni',
    read.repairs.filter((repair) => !quietNifRepairs.has(repair)),
  );
  return value(read.nif, read.unusualControl ? [...notes, { code: 'ROW_NIF_UNUSUAL', column: 'dni' }] : notes);
}

function readPhoneField(text: string): ReadField {
  const read = readPhone(text);
  if (read.kind === 'problem') return problem(read.code, 'phone');
  const notes = notesOf('phone', read.repairs);
  return value(read.phone, read.unusual ? [...notes, { code: 'ROW_PHONE_UNUSUAL', column: 'phone' }] : notes);
}

/** Ids are the partner's: nothing about them is normalised except what a spreadsheet has done to them. */
export function readId(field: string, text: string): ReadField {
  const id = restoreId(text);
  if (id.kind === 'lost') return problem('ROW_ID_PRECISION_LOST', field);
  return value(id.text, notesOf(field, id.kind === 'restored' ? ['digits_restored'] : []));
}

function readCoded(rule: FieldRule, text: string, known: readonly string[]): ReadField {
  const code = isBoolean(rule) ? (booleanOf(fold(text)) ?? text) : text;
  return isLegal(rule, code) ? value(code) : unknownCode(rule, known);
}

function unknownCode(rule: FieldRule, known: readonly string[]): ReadField {
  return problem('ROW_CODE_UNKNOWN', rule.name, { known: known.join(', ') });
}

function isBoolean({ values }: FieldRule): boolean {
  return values?.length === 2 && values.includes('true') && values.includes('false');
}

function isLegal(rule: FieldRule, code: string): boolean {
  if (rule.values !== null) return rule.values.includes(code);
  // The contract calls ramo numerical and publishes no list.
  return rule.name !== 'ramo' || /^\d+$/.test(code);
}

function shortenAtWord(text: string, max: number): string {
  const start = [...text].slice(0, max + 1).join('');
  const space = start.lastIndexOf(' ');
  return space > 0 ? start.slice(0, space) : [...text].slice(0, max).join('');
}

/** Limits count characters as people do: code points of NFC text. There are never more of them than of UTF-16's units. */
function isLongerThan(text: string, max: number): boolean {
  return text.length > max && [...text].length > max;
}

function value(text: string, notes: readonly Problem[] = []): ReadField {
  return { kind: 'value', value: text, notes };
}

function problem(code: FaultCode, column: string, detail?: Problem['detail']): ReadField {
  return { kind: 'problem', problem: detail === undefined ? { code, column } : { code, column, detail } };
}

function notesOf(column: string, repairs: readonly string[]): readonly Problem[] {
  return repairs.length === 0 ? [] : [repaired(column, repairs)];
}

function repaired(column: string, repairs: readonly string[]): Problem {
  return { code: 'ROW_FIELD_REPAIRED', column, detail: { repair: repairs.join(' ') } };
}
