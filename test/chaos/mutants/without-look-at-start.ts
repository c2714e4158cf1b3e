import type { Mutant } from './mutant.ts';

/** A service begins to work on a ledger before it has compared it with its spool. */
export const withoutLookAtStart: Mutant = {
  name: 'the look into the spool at start',
  path: 'src/main/watch-spool.ts',
  before: `  await look();
  return startLoop(everyMs, look, onError);`,
  after: `  const startedMs = performance.now();
  const lookLate = async () => {
    if (performance.now() - startedMs >= everyMs) await look();
  };
  return startLoop(everyMs, lookLate, onError);`,
  witness: { kind: 'tests', files: ['test/e2e/spool.test.ts'] },
};
