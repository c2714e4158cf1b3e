import { z } from 'zod';
import { file } from './file.ts';
import { inbox } from './inbox.ts';
import { need } from './need.ts';
import { named } from './schemas.ts';
import { breakerStanding, halt, pause, rollCall } from './stops.ts';
import { count, counts, rowKind, rowState } from './values.ts';

/** As `leadsync status --json`. */
export const status = named(
  'Status',
  z.object({
    surroundings: z.object({
      home: z.string(),
      environment: z.string(),
      ledger: z.string(),
      queue: z.string(),
      api: z.string(),
      timeZone: z.string(),
    }),
    files: z.array(file),
    rows: z.object({ lead: counts, update: counts }),
    partners: z.array(z.object({ partner: z.string(), kind: rowKind, state: rowState, n: count })),
    halts: z.array(halt),
    pauses: z.array(pause),
    rollCall: rollCall.nullable(),
    breaker: breakerStanding,
    inboxes: z.array(inbox),
    filesUntaken: count,
    needsPerson: z.array(need),
    serviceNeeded: z.boolean(),
  }),
);
