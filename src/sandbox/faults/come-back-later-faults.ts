import { z } from 'zod';
import type { Effects } from './struck-call.ts';
import { whichCalls } from './which-calls.ts';

/** Ten years: beyond any patience, and far from where dates end. */
const longest = 315_360_000;

const retryAfterAs = z
  .enum(['seconds', 'http-date'])
  .default('seconds')
  .describe('How Retry-After is written. Defaults to seconds.');

/** Nothing is done; the caller is told to come back. */
export const comeBackLaterFault = z.discriminatedUnion('effect', [
  z
    .strictObject({
      effect: z.literal('retry_after'),
      ...whichCalls,
      status: z.literal([429, 503]).default(429).describe('429 or 503. Defaults to 429.'),
      retryAfterSeconds: z.int().min(0).max(longest).default(1).describe('Defaults to 1.'),
      retryAfterAs,
    })
    .describe('429 or 503 with Retry-After.'),
  z
    .strictObject({
      effect: z.literal('maintenance'),
      ...whichCalls,
      seconds: z
        .int()
        .min(1)
        .max(longest)
        .default(60)
        .describe('How long, from the moment of the order. Defaults to 60.'),
      retryAfterAs,
    })
    .describe('503 until the window is over; Retry-After says when.'),
  z
    .strictObject({
      effect: z.literal('gateway_fault'),
      ...whichCalls,
      status: z
        .int()
        .min(400)
        .max(599)
        .default(500)
        .describe('Gateways report a rate limit as 500 too. Defaults to 500.'),
      errorcode: z
        .string()
        .default('policies.ratelimit.QuotaViolation')
        .describe('Such as policies.ratelimit.SpikeArrestViolation. Defaults to policies.ratelimit.QuotaViolation.'),
      faultstring: z.string().default('Rate limit quota violation. Quota limit exceeded.').describe('For people.'),
    })
    .describe("An API gateway's own body, {fault: {faultstring, detail: {errorcode}}}."),
]);

export const comeBackLaterEffects: Effects<z.output<typeof comeBackLaterFault>> = {
  async retry_after(fault, { reply }) {
    const message = fault.status === 429 ? 'Too many requests' : 'Service unavailable';
    const when = retryAfter(Date.now() + fault.retryAfterSeconds * 1000, fault.retryAfterAs);
    return reply.code(fault.status).header('retry-after', when).send({ message });
  },
  async maintenance(fault, { reply, orderedAtMs }) {
    const when = retryAfter(orderedAtMs + fault.seconds * 1000, fault.retryAfterAs);
    return reply.code(503).header('retry-after', when).send({ message: 'Down for maintenance' });
  },
  async gateway_fault({ status, errorcode, faultstring }, { reply }) {
    return reply.code(status).send({ fault: { faultstring, detail: { errorcode } } });
  },
};

function retryAfter(atMs: number, as: z.output<typeof retryAfterAs>): string {
  if (as === 'http-date') return new Date(atMs).toUTCString();
  return String(Math.max(0, Math.ceil((atMs - Date.now()) / 1000)));
}
