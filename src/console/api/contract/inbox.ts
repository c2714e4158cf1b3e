import { z } from 'zod';
import { named } from './schemas.ts';
import { count, moment } from './values.ts';

export const inbox = named(
  'Inbox',
  z.object({
    partner: z.string(),
    arriving: count,
    arrivingSince: moment.nullable(),
    passedOver: count,
    stuck: count,
    trouble: z.string().nullable(),
  }),
  'What lies in a partner’s inbox and is not taken.',
);
