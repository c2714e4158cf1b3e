import type { Mutant } from './mutant.ts';

/** The turn of an update is looked at when it is read, and not once more when it is announced. */
export const withoutTurnAtIntent: Mutant = {
  name: 'the turn at the intent',
  path: 'src/adapters/ledger/row-moves.ts',
  before: ' and not l.out_of_turn as wins',
  after: ' as wins',
  witness: { kind: 'tests', files: ['test/app/ledger-conformance.test.ts'] },
};
