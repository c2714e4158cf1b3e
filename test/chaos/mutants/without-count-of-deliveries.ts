import type { Mutant } from './mutant.ts';

/** A process that slept while its job was delivered to another, and failed there, is taken for a person's retry. */
export const withoutCountOfDeliveries: Mutant = {
  name: 'the count of deliveries',
  path: 'src/app/retried-job.ts',
  before: 'context.redeliveries === row.redeliveries',
  after: 'context.redeliveries <= row.redeliveries',
  witness: { kind: 'tests', files: ['test/app/register-lead.test.ts'] },
};
