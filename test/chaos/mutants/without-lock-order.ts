import type { Mutant } from './mutant.ts';

/** Two statements lock the rows that they share in different orders, and one of them dies of the deadlock. */
export const withoutLockOrder: Mutant = {
  name: 'lock order',
  path: 'src/adapters/ledger/row-moves.ts',
  before: 'order by r.id for no key update of r',
  after: 'order by random() for no key update of r',
  witness: { kind: 'tests', files: ['test/adapters/ledger/lock-order.test.ts'] },
};
