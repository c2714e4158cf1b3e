import { z } from 'zod';
import { attemptMade } from './lead-life.ts';
import { rowShape } from './row.ts';
import { named } from './schemas.ts';
import { count, ledgerId, moment } from './values.ts';

export const verdicts = ['lead_id', 'no_id', 'send_again', 'abandon', 'pushed', 'cancel'] as const;

/** As `leadsync in-doubt --json`, with the evidence and the verdicts that can be given. */
const doubt = named(
  'Doubt',
  z.object({
    ...rowShape,
    requestId: z.string().nullable(),
    sentAt: moment.nullable(),
    sendAgainInMs: z.number().nonnegative(),
    whatToDo: z.array(z.object({ when: z.string(), command: z.string() })),
    verdicts: z.array(z.object({ verdict: z.enum(verdicts), when: z.string(), then: z.string() })),
    attempt: attemptMade.nullable().meta({ description: 'The call whose end nobody knows.' }),
  }),
);

export const doubtPage = named('DoubtPage', z.object({ rows: z.array(doubt), all: count, next: ledgerId.nullable() }));
