import type { Mutant } from './mutant.ts';

/** After a backup was brought back a host that can't know goes on before one that does has looked. */
export const withoutRollCall: Mutant = {
  name: "the ledger's wait for every host's look",
  path: 'src/adapters/ledger/row-moves.ts',
  before: 'or not ${mayAnnounce(announced.spool())}',
  after: '',
  witness: { kind: 'tests', files: ['test/adapters/ledger/roll-call.test.ts'] },
};
