import type { Mutant } from './mutant.ts';

/** A process that has just started works on a ledger that is exchanged for one from a backup before its next look. */
export const withoutMemoryOfTheHost: Mutant = {
  name: "the memory of the host's newest create",
  path: 'src/app/look-for-gap.ts',
  before: 'else if (last !== undefined) announced.witness(last);',
  after: 'else void last;',
  witness: { kind: 'tests', files: ['test/app/look-for-gap.test.ts'] },
};
