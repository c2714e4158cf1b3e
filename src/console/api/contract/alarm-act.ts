import { z } from 'zod';
import { actBody } from './act.ts';
import { count, text } from './values.ts';

const alarm = text(300);

export const acknowledgeBody = actBody('Acknowledge', {
  alarms: z
    .array(z.strictObject({ alarm, level: count.meta({ description: 'As it was looked at: more of it is news.' }) }))
    .min(1)
    .max(100),
  until: text(40).meta({ description: 'A moment to come, within 92 days: 4h, 18:00, 2026-11-30, or ISO 8601.' }),
});

export const withdrawBody = actBody('Withdraw', { alarm });
