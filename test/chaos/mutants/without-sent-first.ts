import type { Mutant } from './mutant.ts';

/** An older update that turns up goes before one that may have been set, and the API is shown an older state after it. */
export const withoutSentFirst: Mutant = {
  name: 'sent updates first',
  path: 'src/adapters/ledger/update-order.ts',
  before: 'when o.may_be_set <> u.may_be_set then o.may_be_set\n  when u.may_be_set then ${newer} else ${older}',
  after: 'when true then ${older}',
  witness: { kind: 'tests', files: ['test/app/ledger-conformance.test.ts'] },
};
