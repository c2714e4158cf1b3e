import { z } from 'zod';
import { inbox } from './inbox.ts';
import { named } from './schemas.ts';
import { halt, pause } from './stops.ts';
import { count, counts, date, faultCode, fileKind, ledgerId, moment } from './values.ts';

/** What was expected of a partner and what came. */
export const due = named(
  'Due',
  z.object({
    kind: fileKind,
    files: count,
    date,
    by: moment,
    state: z.enum(['expected', 'met', 'late', 'missing', 'too_many']),
    arrived: z.array(z.object({ fileId: ledgerId, arrivedAt: moment })),
    refused: z.array(ledgerId),
  }),
);

const partnerShape = {
  id: z.string(),
  config: z.enum(['in force', 'not valid', 'none']),
  version: z.string().nullable(),
  reads: z.record(z.string(), z.string()).nullable(),
  schedule: z.object({ cron: z.string(), timeZone: z.string() }).nullable(),
  nextRunAt: moment.nullable(),
  waiting: count.meta({ description: 'Files that wait for its run.' }),
  pause: pause.nullable(),
  inbox: inbox.nullable(),
  expected: z.array(due),
  newest: z.object({ id: ledgerId, arrivedAt: moment }).nullable(),
  held: z.array(z.object({ id: ledgerId, code: faultCode.nullable() })),
};

export const partners = named(
  'Partners',
  z.object({
    partners: z.array(z.object(partnerShape)),
    halts: z.array(halt),
    pause: pause.nullable().meta({ description: 'Of all work.' }),
  }),
);

export const partnerLife = named(
  'PartnerLife',
  z.object({
    ...partnerShape,
    profiles: z
      .array(z.object({ rows: count, filled: counts, configVersion: z.string() }))
      .meta({ description: 'What its files are measured by: the last accepted ones, newest first.' }),
  }),
);
