import { z } from 'zod';

/**
 * Which calls an order strikes; part of every order. Values are matched exactly; a matcher that is absent matches all.
 * Calls are counted per order, from the moment of the order.
 */
export const whichCalls = {
  endpoint: z
    .enum(['clientData', 'altaLead', 'updateLead', 'token'])
    .optional()
    .describe('Absent: all but the token endpoint, which is struck by name only.'),
  partnerLeadId: z.string().optional().describe('Of an alta lead; for an update, of its lead.'),
  nif: z.string().optional().describe('Of a client data request, or the dni of an alta lead.'),
  leadId: z.string().optional().describe('Of an update.'),
  nth: z.int().min(1).default(1).describe('The first matching call that may be struck. Defaults to 1.'),
  times: z
    .int()
    .min(0)
    .optional()
    .describe('How many calls are struck; 0 is all. Defaults to 1; with a probability and for maintenance to 0.'),
  probability: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe('Each call is struck with this probability, drawn from the seed. Defaults to 1.'),
};
