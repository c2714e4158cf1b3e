import { z } from 'zod';
import { actBody } from './act.ts';
import { verdicts } from './doubt.ts';
import { count, text } from './values.ts';

export const resolveBody = actBody('Resolve', {
  verdict: z.enum(verdicts).meta({ description: '`verdicts` of the row says which there are, and when.' }),
  leadId: text(100).optional().meta({ description: 'With lead_id: as the insurer writes it.' }),
  version: count.meta({ description: '`version` of the row as it was looked at: one that has moved on is refused.' }),
});
