import type { Mutant } from './mutant.ts';

/** An intent of any age may still be sent: a worker that was frozen sends what somebody else has judged. */
export const withoutSendBudget: Mutant = {
  name: 'send budget',
  path: 'src/app/send-budget.ts',
  before: '<= budgetMs',
  after: '<= Infinity * budgetMs',
  witness: { kind: 'simulation', seeds: 1_500 },
};
