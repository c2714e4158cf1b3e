import type { Mutant } from './mutant.ts';

/** A person may send again at once, although whoever held the intent may be alive and its request under way. */
export const withoutHolderGuard: Mutant = {
  name: 'holder guard',
  path: 'src/adapters/ledger/instances.ts',
  before: 'select coalesce(fenced, true) as fenced, coalesce(quiet, true) as quiet,',
  after: 'select true as fenced, true as quiet,',
  witness: { kind: 'chaos', cell: 'late arrivals', seeds: 3, rows: 600 },
};
