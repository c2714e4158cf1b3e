import type { Mutant } from './mutant.ts';

/** A job sends although the ledger says that its intent is not the one that counts. */
export const withoutLedgerCheck: Mutant = {
  name: "the processor's ledger check",
  path: 'src/app/submit-lead.ts',
  before: `if (!intent.won) return intent;

    const call`,
  after: `if (!intent.won) return ports.api.createLead(lead, { attemptId, idempotencyKey: attemptId, maySend: () => true }).then(() => intent);

    const call`,
  witness: { kind: 'simulation', seeds: 1_500 },
};
