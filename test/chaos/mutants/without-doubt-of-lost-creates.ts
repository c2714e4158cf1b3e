import type { Mutant } from './mutant.ts';

/** A restored ledger keeps its own doubt about a lead, though the spool knows of a later request. */
export const withoutDoubtOfLostCreates: Mutant = {
  name: 'the doubt by the create that a restored ledger lacks',
  path: 'src/adapters/ledger/gap.ts',
  before: "sql.raw(`('registered',",
  after: "sql.raw(`('submitting', 'in_doubt', 'registered',",
  witness: { kind: 'tests', files: ['test/adapters/ledger/gap.test.ts'] },
};
