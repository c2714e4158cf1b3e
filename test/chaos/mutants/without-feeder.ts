import type { Mutant } from './mutant.ts';

/** Nobody offers again what the queue has lost. */
export const withoutFeeder: Mutant = {
  name: 'the feeder',
  path: 'src/app/feeder.ts',
  before: `    cursors.lead.clear();
    cursors.update.clear();`,
  after: '',
  witness: { kind: 'simulation', seeds: 1_500 },
};
