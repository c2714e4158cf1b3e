import { z } from 'zod';
import type { Effects } from './struck-call.ts';
import { whichCalls } from './which-calls.ts';

const afterEffect = z.boolean().default(false).describe('Whether the work is done all the same. Defaults to false.');

/** Answers of a failing server, a gateway in front of it, or a login. */
export const statusFault = z.discriminatedUnion('effect', [
  z.strictObject({ effect: z.literal('http_500'), ...whichCalls, afterEffect }).describe('500 with a JSON message.'),
  z
    .strictObject({ effect: z.literal('http_502'), ...whichCalls, afterEffect })
    .describe("502 with a proxy's page of HTML."),
  z.strictObject({ effect: z.literal('unauthorized'), ...whichCalls }).describe('401, whatever the credentials.'),
  z.strictObject({ effect: z.literal('forbidden'), ...whichCalls }).describe('403, whatever the credentials.'),
  z
    .strictObject({
      effect: z.literal('redirect'),
      ...whichCalls,
      afterEffect,
      status: z.literal([301, 302, 303, 307, 308]).default(302).describe('301, 302, 303, 307 or 308. Defaults to 302.'),
      location: z
        .string()
        // A header takes nothing else.
        .regex(/^[!-~]+$/, 'must be printable ASCII without spaces')
        .default('/moved')
        .describe('Printable ASCII. Defaults to /moved.'),
    })
    .describe('Sends the caller elsewhere.'),
]);

const badGateway = `<html>
<head><title>502 Bad Gateway</title></head>
<body>
<center><h1>502 Bad Gateway</h1></center>
</body>
</html>
`;

export const statusEffects: Effects<z.output<typeof statusFault>> = {
  async http_500(fault, { work, reply }) {
    if (fault.afterEffect) await work();
    return reply.code(500).send({ message: 'Internal error' });
  },
  async http_502(fault, { work, reply }) {
    if (fault.afterEffect) await work();
    return reply.code(502).type('text/html').send(badGateway);
  },
  async unauthorized(_fault, { reply }) {
    return reply.code(401).send({ message: 'Unauthorized' });
  },
  async forbidden(_fault, { reply }) {
    return reply.code(403).send({ message: 'Forbidden' });
  },
  async redirect(fault, { work, reply }) {
    if (fault.afterEffect) await work();
    return reply.code(fault.status).header('location', fault.location).send();
  },
};
