import type { Mutant } from './mutant.ts';

/** A failed job that is kept for people swallows the next offer of the same work. */
export const withoutRemovalOfKeptJobs: Mutant = {
  name: 'the handling of a kept failed job',
  path: 'src/adapters/queue/offer-jobs.ts',
  before: 'await Promise.all(replaced.map(({ id }) => queue.remove(id)));',
  after: 'void replaced;',
  witness: { kind: 'tests', files: ['test/adapters/queue/connect-queue.test.ts'] },
};
