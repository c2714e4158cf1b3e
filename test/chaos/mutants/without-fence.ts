import type { Mutant } from './mutant.ts';

/** A move is compared by its state alone, so an answer to an older intent counts for a newer one. */
export const withoutFence: Mutant = {
  name: 'fence in the WHERE',
  path: 'src/adapters/ledger/row-moves.ts',
  before: 'where i.from_states ? (l.whole).state and (l.whole).fence = i.fence\n        and (i.version',
  after: 'where i.from_states ? (l.whole).state\n        and (i.version',
  witness: { kind: 'tests', files: ['test/model/ledger.test.ts'] },
};
