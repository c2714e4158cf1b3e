import type { FastifyReply } from 'fastify';
import { faults, type FaultCode } from '../../domain/faults.ts';
import { statusOfCode, type Refusal } from './refusal.ts';

/** An answer of the API is data: nothing may show it as a page, frame it, or keep it. */
const apiHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'referrer-policy': 'no-referrer',
};

export function sendAnswer(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return reply
    .code(status)
    .headers({ ...apiHeaders })
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}

export function sendRefusal(reply: FastifyReply, { code, message, hint, retryAfterMs }: Refusal): FastifyReply {
  const status = statusOfCode[code];
  if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="leadsync"');
  return sendAnswer(reply, status, errorOf({ code, message, ...(hint === undefined ? {} : { hint }) }));
}

/** The one shape of what went wrong. `hint` defaults to what the registry says. */
export function errorOf({
  code,
  message,
  hint = faults[code].then,
}: {
  readonly code: FaultCode;
  readonly message: string;
  readonly hint?: string;
}) {
  return { error: { code, message, hint } };
}
