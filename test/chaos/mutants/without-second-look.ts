import type { Mutant } from './mutant.ts';

/** A row that failed on its way into the queue is offered once more, and that looks like a person's retry. */
export const withoutSecondLook: Mutant = {
  name: 'the second look at a failed job',
  path: 'src/app/offer-rows.ts',
  before: "return failed.filter((job, at) => now[at]?.version === job.payload['version']);",
  after: 'return now.length === 0 ? [] : failed;',
  witness: { kind: 'tests', files: ['test/app/queue-retry.test.ts'] },
};
