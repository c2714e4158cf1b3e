import { refuse, type Refusal } from './refusal.ts';

/** What could not be understood of a filter. Null: nothing. Then nothing is listed, as it would be more than was asked for. */
export function refuseFaults(faults: Readonly<Partial<Record<string, string>>>): Refusal | null {
  const told = Object.entries(faults).map(([name, says = '']) => `${name}: ${says}`);
  return told.length === 0 ? null : refuse('CONSOLE_REQUEST_INVALID', told.join(' '));
}

/** Without the names that nobody has set. */
export function given(query: Readonly<Record<string, string | number | undefined>>): Readonly<Record<string, string>> {
  const set = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
}
