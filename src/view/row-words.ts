import type { RowState } from '../app/ports/row.ts';
import { isFaultCode, type FaultCode } from '../domain/faults.ts';
import type { RowKind } from '../domain/file-life.ts';
import { isRowState } from './outcome-words.ts';

/** A state as people write it, `in doubt` or `IN_DOUBT`; null for what is none. */
export function readRowState(word: string): RowState | null {
  const state = word.toLowerCase().replaceAll(/[\s-]+/g, '_');
  return isRowState(state) ? state : null;
}

/** A fault code in any case; null for what is none. */
export function readFaultCode(word: string): FaultCode | null {
  const code = word.toUpperCase();
  return isFaultCode(code) ? code : null;
}

/** `lead`, `leads`, `update` or `updates`; null for anything else. */
export function readRowKind(word: string): RowKind | null {
  if (/^leads?$/i.test(word)) return 'lead';
  return /^updates?$/i.test(word) ? 'update' : null;
}
