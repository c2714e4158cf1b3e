import type { Mutant } from './mutant.ts';

/** A person may send again at once, although whoever held the intent may be alive and its request under way. */
export const withoutHolderGuard: Mutant = {
  name: 'holder guard',
  path: 'src/app/resolve-in-doubt.ts',
  before: 'if (!holder.fenced || !holder.quiet)',
  after: 'if (holder === null)',
  witness: { kind: 'simulation', seeds: 1_500 },
};
