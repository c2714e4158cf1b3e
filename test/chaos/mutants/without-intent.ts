import type { Mutant } from './mutant.ts';

/** The request leaves while its intent is still being committed. */
export const withoutIntent: Mutant = {
  name: 'intent commit',
  path: 'src/app/submit-lead.ts',
  before: 'const intent = await writeIntent(ports, row, attemptId, lead, next.warnings);',
  after: `void writeIntent(ports, row, attemptId, lead, next.warnings).catch(() => undefined);
    const intent = { won: true, state: 'submitting', version: row.version + 1, fence: row.fence + 1 } as MoveResult;`,
  witness: { kind: 'simulation', seeds: 1_500 },
};
