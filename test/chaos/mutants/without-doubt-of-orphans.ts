import type { Mutant } from './mutant.ts';

/** The sweeper sends an orphan again instead of doubting it. */
export const withoutDoubtOfOrphans: Mutant = {
  name: "the sweeper's rule",
  path: 'src/app/sweep.ts',
  before: `to: 'in_doubt',
    set: { code: 'API_NO_ANSWER_ORPHAN', step: null },`,
  after: `to: 'waiting',
    dueInMs: 0,
    set: { code: 'API_NO_ANSWER_ORPHAN', step: 'create' },`,
  witness: { kind: 'simulation', seeds: 1_500 },
};
