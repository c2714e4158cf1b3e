import type { Mutant } from './mutant.ts';

/** A move is compared by its state alone, so an answer to an older intent counts for a newer one. */
export const withoutFence: Mutant = {
  name: 'fence in the WHERE',
  path: 'src/adapters/ledger/row-moves.ts',
  before: 'l.from_states ? l.old_state and l.fence = l.old_fence as is_there',
  after: 'l.from_states ? l.old_state as is_there',
  witness: { kind: 'tests', files: ['test/model/ledger.test.ts'] },
};
