import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { carryOut } from './carry-out.ts';
import type { Fate } from './faults.ts';
import type { Answer } from './struck-call.ts';

/**
 * Lets a call wait, then answers it, or lets its fault do so. A caller who gives up meanwhile changes nothing: the work
 * is done all the same, as with a real server. Rejects when `closing` ends the wait.
 */
export async function meetFate(
  { delayMs, struck }: Fate,
  call: {
    work(): Promise<Answer>;
    readonly request: FastifyRequest;
    readonly reply: FastifyReply;
    readonly closing: AbortSignal;
  },
): Promise<FastifyReply> {
  if (delayMs > 0) await wait(delayMs, undefined, { signal: call.closing });
  if (struck !== null) return carryOut(struck.fault, { ...call, orderedAtMs: struck.orderedAtMs });
  const { status, body, headers } = await call.work();
  return call.reply
    .code(status)
    .headers(headers ?? {})
    .send(body);
}
