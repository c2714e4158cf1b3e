import type { Mutant } from './mutant.ts';

/** A repeat under another Idempotency-Key is a second lead. */
export const withoutStableKey: Mutant = {
  name: 'the stable Idempotency-Key',
  path: 'src/app/submit-lead.ts',
  before: 'idempotencyKey: idempotencyKeyOf(ports.settings, row),',
  after: 'idempotencyKey: `${idempotencyKeyOf(ports.settings, row)}-${attemptId}`,',
  witness: { kind: 'chaos', cell: 'honoured keys', seeds: 2, rows: 400 },
};
