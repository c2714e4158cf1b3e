import { z } from 'zod';
import { flag, text } from './json-types.ts';

/** "Client data" of the specification, request and response. */
export const clientData = {
  request: z.object({
    nif: text({ required: true }).describe('NIF of the client who makes the request.'),
  }),
  response: z.object({
    agentId: text()
      .optional()
      .describe(
        'If it is confirmed that the user is already a client, the agent who is already assigned to them and which must be the same one to process the request.',
      ),
    client: flag().optional().describe('Whether it is a client or not.'),
    message: text()
      .optional()
      .describe('Tells if the call to the endpoint has been carried out without incident, or an error message.'),
    multiAcceso: flag()
      .optional()
      .describe(
        'true: the assigned agent participates in the general distribution of leads. Different communication depending on it.',
      ),
    nif: text().optional().describe('Reminder of the NIF that has been consulted in the request.'),
    status: z.enum(['OK', 'KO']).describe('Whether the call to the endpoint has occurred without incidents.'),
    partnerManage: flag().optional().describe('Whether partner has to manage it (true) or not.'),
    // Not in the table of this response; the alta lead request says that it is received "through the call to the WS".
    reference: text().optional().describe('To be sent with the alta lead request, if given.'),
  }),
} as const;
