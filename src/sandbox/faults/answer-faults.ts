import { z } from 'zod';
import type { Effects } from './struck-call.ts';
import { whichCalls } from './which-calls.ts';

/** HTTP 200, and a body that doesn't say what it should. */
export const answerFault = z.discriminatedUnion('effect', [
  z
    .strictObject({
      effect: z.literal('ko'),
      ...whichCalls,
      message: z.string().default('Incident').describe('Defaults to Incident.'),
    })
    .describe('A KO with HTTP 200; nothing is done.'),
  z
    .strictObject({
      effect: z.literal('without_field'),
      ...whichCalls,
      field: z.string().default('leadId').describe("By its name in the answer's body. Defaults to leadId."),
    })
    .describe('Does the work, then leaves a field out of the answer.'),
  z
    .strictObject({ effect: z.literal('garbled_json'), ...whichCalls })
    .describe('Does the work, then answers what is not JSON, as application/json.'),
]);

export const answerEffects: Effects<z.output<typeof answerFault>> = {
  async ko({ message }, { reply }) {
    return reply.send({ status: 'KO', message });
  },
  async without_field({ field }, { work, reply }) {
    const { status, body, headers } = await work();
    const rest = Object.entries(body).filter(([name]) => name !== field);
    return reply
      .code(status)
      .headers(headers ?? {})
      .send(Object.fromEntries(rest));
  },
  async garbled_json(_fault, { work, reply }) {
    const { status, body, headers } = await work();
    const whole = JSON.stringify(body);
    return reply
      .code(status)
      .headers(headers ?? {})
      .type('application/json')
      .serializer(String)
      .send(`${whole.slice(0, whole.length / 2)}\u0000\uFFFD`);
  },
};
