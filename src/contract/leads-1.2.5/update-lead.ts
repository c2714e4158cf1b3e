import { z } from 'zod';
import { code, text } from './json-types.ts';

/** "Update Lead" of the specification, request and response. It states no limits. */
export const updateLead = {
  request: z.object({
    estado: code().describe("Numerical value update based on update reason. Value '20' for GAM closure."),
    leadId: text({ required: true }).describe('The leadId that was generated in the alta lead.'),
    observacion: text({ required: true }).describe('Informative note regarding the update that has just been made.'),
  }),
  response: z.object({
    leadId: text().optional().describe('Reminder of the leadId that was updated in the request.'),
    message: text()
      .optional()
      .describe('Tells if the call to the endpoint has been carried out without incident, or an error message.'),
  }),
} as const;
