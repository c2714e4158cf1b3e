import { z } from 'zod';
import { endingStates, usualRetention, type RetentionRules } from '../domain/retention.ts';
import { duration } from './partner-scalars.ts';

const dayMs = 24 * 3_600_000;
const expected = 'a time from 1d to 3650d';

/** Nothing personal is kept without an end. */
const period = duration.refine((ms) => ms >= dayMs && ms <= 3_650 * dayMs, { error: expected });

/** Of rows in one state. Absent: that of all rows, but for those of which less is needed. */
function periodOf(state: string) {
  const days = (usualRetention.states as Readonly<Record<string, number>>)[state];
  const described = period.describe(`For rows that ended as ${state}.`);
  return days === undefined ? described.optional() : described.prefault(`${days}d`);
}

export const archive = z
  .strictObject({
    keep: period
      .prefault(`${usualRetention.archiveDays}d`)
      .describe('So long files that were read or turned away are kept, sealed, from when they were settled.'),
  })
  .describe('The files themselves. After this time they can not be read again (file ID --reread).');

export const retention = z
  .strictObject({
    rows: period
      .prefault(`${usualRetention.rowsDays}d`)
      .describe('So long the values of a row are kept, from when it ended. What is at work or in doubt stays.'),
    states: z
      .strictObject(Object.fromEntries(endingStates.map((state) => [state, periodOf(state)])))
      .prefault({})
      .describe('Another time for rows that ended in one of these states.'),
    results: period
      .prefault(`${usualRetention.resultsDays}d`)
      .describe('So long result files, manifests and receipts stay in the outbox, from when the file was settled.'),
    block: z
      .union([z.literal('off'), period], { error: `off, or ${expected}` })
      .prefault('off')
      .describe(
        'So long values whose time is over are blocked before they are destroyed (LOPDGDD art. 32): nobody reads them but the owner of the database.',
      ),
  })
  .describe('How long personal data are kept. Identity, outcome, leadId, times and the audit log stay.');

export function retentionRules(
  { keep }: z.output<typeof archive>,
  { rows, states, results, block }: z.output<typeof retention>,
): RetentionRules {
  return {
    rowsMs: Object.fromEntries(endingStates.map((state) => [state, states[state] ?? rows])),
    archiveMs: keep,
    resultsMs: results,
    blockMs: block === 'off' ? null : block,
  };
}
