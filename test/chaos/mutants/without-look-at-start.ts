import type { Mutant } from './mutant.ts';

/** A service begins to work on a ledger before it has compared it with its spool. */
export const withoutLookAtStart: Mutant = {
  name: 'the look into the spool at start',
  path: 'src/main/watch-spool.ts',
  before: `  await look();
  const glance = async (): Promise<void> => {`,
  after: `  lookedAt = ports.clock.monotonicMs();
  const startedAt = lookedAt;
  const glance = async (): Promise<void> => {
    if (ports.clock.monotonicMs() - startedAt < everyMs) return;`,
  witness: { kind: 'tests', files: ['test/e2e/spool.test.ts'] },
};
