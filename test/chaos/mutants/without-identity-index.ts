import type { Mutant } from './mutant.ts';

/** Two rows of one lead may both be sent. */
export const withoutIdentityIndex: Mutant = {
  name: 'the identity index',
  path: 'src/adapters/ledger/migrations/0001-ledger.ts',
  before: 'create unique index lead_identity on',
  after: 'create index lead_identity on',
  witness: { kind: 'tests', files: ['test/model/ledger.test.ts'] },
};
