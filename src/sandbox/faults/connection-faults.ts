import type { OutgoingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { Effects } from './struck-call.ts';
import { whichCalls } from './which-calls.ts';

/** The answer is lost, or half of it. */
export const connectionFault = z.discriminatedUnion('effect', [
  z
    .strictObject({ effect: z.literal('reset_before_effect'), ...whichCalls })
    .describe('Resets the connection; nothing is done.'),
  z
    .strictObject({ effect: z.literal('reset_after_effect'), ...whichCalls })
    .describe('Does the work, then resets the connection.'),
  z
    .strictObject({ effect: z.literal('drop_after_effect'), ...whichCalls })
    .describe('Does the work, then closes the connection without an answer.'),
  z
    .strictObject({
      effect: z.literal('hang'),
      ...whichCalls,
      afterEffect: z.boolean().default(false).describe('Whether the work is done. Defaults to false.'),
    })
    .describe('Never answers, and leaves the connection open.'),
  z
    .strictObject({ effect: z.literal('truncated_body'), ...whichCalls })
    .describe('Does the work, sends half of the answer, and closes the connection.'),
]);

export const connectionEffects: Effects<z.output<typeof connectionFault>> = {
  async reset_before_effect(_fault, { request, reply }) {
    reply.hijack();
    request.raw.socket.resetAndDestroy();
    return reply;
  },
  async reset_after_effect(_fault, { work, request, reply }) {
    await work();
    reply.hijack();
    request.raw.socket.resetAndDestroy();
    return reply;
  },
  async drop_after_effect(_fault, { work, request, reply }) {
    await work();
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  },
  async hang({ afterEffect }, { work, reply }) {
    if (afterEffect) await work();
    // Nobody answers: the client gives up, or the sandbox's end cuts the connection.
    return reply.hijack();
  },
  async truncated_body(_fault, { work, request, reply }) {
    const { status, body, headers } = await work();
    const whole = Buffer.from(JSON.stringify(body));
    reply.hijack();
    reply.raw.writeHead(status, {
      ...(reply.getHeaders() as OutgoingHttpHeaders),
      ...headers,
      'content-type': 'application/json; charset=utf-8',
      'content-length': whole.length,
    });
    reply.raw.write(whole.subarray(0, whole.length / 2), () => request.raw.socket.destroy());
    return reply;
  },
};
