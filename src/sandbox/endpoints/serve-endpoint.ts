import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Faults } from '../faults/faults.ts';
import { meetFate } from '../faults/meet-fate.ts';
import type { Parts, SandboxEndpoint } from './endpoint.ts';

export interface Serving {
  readonly parts: Parts;
  readonly endpoint: SandboxEndpoint;
  readonly faults: Faults;
  /** Ends what waits when the sandbox does. */
  readonly closing: AbortSignal;
}

/** One request to one of the three endpoints: its work and its answer, or what a fault makes of them. */
export async function serveEndpoint(
  { parts, endpoint, faults, closing }: Serving,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { body } = request;
  const work = () =>
    endpoint.answer(parts, body, {
      requestId: headerOf(request, 'x-request-id'),
      idempotencyKey: headerOf(request, 'idempotency-key'),
    });
  const fate = faults.meet(await endpoint.subject(parts, body));
  return meetFate(fate, { work, request, reply, closing });
}

function headerOf(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}
