import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Body, Parts, Reply, SandboxEndpoint } from './endpoint.ts';
import type { Fault, Faults } from '../faults/faults.ts';

export interface Serving {
  readonly parts: Parts;
  readonly endpoint: SandboxEndpoint;
  readonly strike: Faults['strike'];
  readonly latencyMs: number;
}

/** One request to one of the three endpoints: its work and its answer, or what a fault makes of them. */
export async function serveEndpoint(
  { parts, endpoint, strike, latencyMs }: Serving,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const body = objectOf(request.body);
  const work = () =>
    endpoint.answer(parts, body, {
      requestId: headerOf(request, 'x-request-id'),
      idempotencyKey: headerOf(request, 'idempotency-key'),
    });
  const fault = strike(await endpoint.subject(parts, body));
  if (latencyMs > 0) await wait(latencyMs);
  if (fault !== null) return suffer(fault, work, request, reply);
  const answer = await work();
  return reply.code(answer.status).send(answer.body);
}

async function suffer(
  fault: Fault,
  work: () => Promise<Reply>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  switch (fault.effect) {
    case 'drop_after_effect':
      await work();
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    case 'reset_before_effect':
      reply.hijack();
      request.raw.socket.resetAndDestroy();
      return reply;
    case 'hang':
      // Nobody answers: the client gives up, or close() cuts the connection.
      return reply.hijack();
    case 'http_500':
      return reply.code(500).send({ message: 'Internal error' });
    case 'ko':
      return reply.send({ status: 'KO', message: 'Incident' });
    case 'retry_after':
      return reply
        .code(429)
        .header('retry-after', String(fault.retryAfterSeconds))
        .send({ message: 'Too many requests' });
    case 'unauthorized':
      return reply.code(401).send({ message: 'Unauthorized' });
  }
}

function objectOf(body: unknown): Body {
  return typeof body === 'object' && body !== null ? (body as Body) : {};
}

function headerOf(request: FastifyRequest, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}
