import type { Mutant } from './mutant.ts';

/** A service begins to work on a ledger before it has compared it with its spool. */
export const withoutLookAtStart: Mutant = {
  name: 'the look into the spool at start',
  path: 'src/main/watch-spool.ts',
  before: `  if (!(await lookForGap(ports, host))) await settleSpooled(ports, seen);
  return startLoop(
    everyMs,
    async () => {`,
  after: `  const startedMs = performance.now();
  return startLoop(
    everyMs,
    async () => {
      if (performance.now() - startedMs < everyMs) return;`,
  witness: { kind: 'tests', files: ['test/e2e/spool.test.ts'] },
};
