import { z } from 'zod';
import { named } from './schemas.ts';
import { count, moment } from './values.ts';

/** As `leadsync ack --json`. */
export const need = named(
  'Need',
  z.object({
    alarm: z.string(),
    what: z.string(),
    then: z.string(),
    command: z.string(),
    isUrgent: z.boolean(),
    level: count,
    since: moment.nullable(),
    acknowledged: z.object({ until: moment, actor: z.string(), reason: z.string() }).nullable(),
  }),
);
export const needs = named('Needs', z.object({ needsPerson: z.array(need) }));
