import { z } from 'zod';
import { fileStates } from '../../../domain/file-life.ts';
import { isNight } from '../../../domain/night.ts';
import { ledgerId, text } from './values.ts';

/** How many at once. */
function limit(most: number, usual: number) {
  return z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .transform(Number)
    .pipe(z.int().max(most))
    .optional()
    .meta({ description: `At most ${most}. Defaults to ${usual}.` });
}

const word = text(100).optional();
const moment = text(40).optional().meta({ description: '2h, 7d, 2026-06-01, "2026-06-01 02:30", or ISO 8601' });

const night = z.string().refine(isNight, { error: 'expected a date such as 2026-11-24' });

export const statusQuery = z.strictObject({ limit: limit(100, 10) });

export const reportQuery = z.strictObject({
  night: night
    .optional()
    .meta({ format: 'date', description: 'By the morning in which it ends. Defaults to that of today.' }),
  partner: word.meta({ description: 'Defaults to all.' }),
});

export const fileQuery = z.strictObject({
  partner: word,
  state: z.enum(fileStates).optional(),
  before: ledgerId.optional().meta({ description: '`next` of the page before.' }),
  limit: limit(100, 40),
});

/** What rows can be narrowed to: the same names as on the pages and the command line. */
export const rowFilterShape = {
  partner: word,
  file: ledgerId.optional(),
  kind: word.meta({ description: 'leads or updates' }),
  state: word,
  code: word,
  night: night.optional().meta({ format: 'date', description: 'Rows of the files of this night.' }),
  since: moment,
  until: moment,
};

export const rowQuery = z.strictObject({
  ...rowFilterShape,
  after: ledgerId.optional().meta({ description: '`next` of the page before.' }),
  limit: limit(200, 50),
});

export const doubtQuery = z.strictObject({
  partner: word,
  kind: word.meta({ description: 'leads or updates' }),
  after: ledgerId.optional().meta({ description: '`next` of the page before.' }),
  limit: limit(100, 20),
});

export const replayQuery = z.strictObject({ limit: limit(200, 50) });

export const auditQuery = z.strictObject({
  who: z
    .enum(['people', 'all'])
    .optional()
    .meta({ description: 'Defaults to people, unless a file, row or actor is asked for.' }),
  actor: word,
  action: word,
  partner: word,
  file: ledgerId.optional(),
  row: ledgerId.optional(),
  since: moment,
  until: moment,
  before: ledgerId.optional().meta({ description: '`next` of the page before.' }),
  limit: limit(200, 50),
});
