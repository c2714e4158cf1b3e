import type { Mutant } from './mutant.ts';

/** An intent is written in a ledger that has forgotten the one before it: it was exchanged for one from a backup. */
export const withoutMemoryOfAnnouncements: Mutant = {
  name: "the ledger's look for the create before",
  path: 'src/adapters/ledger/row-moves.ts',
  before: ' or not ${knowsAll(announced.last())}',
  after: '',
  witness: { kind: 'tests', files: ['test/adapters/ledger/row-moves.test.ts'] },
};
