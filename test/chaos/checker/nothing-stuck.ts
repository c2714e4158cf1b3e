import type { Check } from './evidence.ts';

const atRest: ReadonlySet<string> = new Set([
  'registered',
  'registered_without_id',
  'rejected',
  'duplicate',
  'not_managed',
  'cancelled',
  'abandoned',
  'pushed',
  'superseded',
]);

/** Asked when everything has been well for a while: no row has work before it, and nobody is waited for. */
export const nothingStuck: Check = ({ rows }) =>
  rows
    .filter(({ state }) => !atRest.has(state))
    .map(({ id, state }) => ({ rule: 'nothing stuck' as const, detail: `row ${id} is ${state}` }));
