import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { html } from 'hono/html';
import type { QueueBoard } from '../../app/ports/queue-board.ts';
import type { Console } from '../console.ts';
import { isOfOwnOrigin } from '../door/own-origin.ts';
import { actorOf, mayAct, visitorOf } from '../door/visitor.ts';

const place = '/queues/';

/**
 * Of Bull Board's page alone. Its script draws everything, sets styles on elements as it goes, and has its page's address
 * as its base; nothing from outside and no script in the page, as everywhere.
 */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

/**
 * `/queues`: Bull Board, for operators. It looks at the queues of this process and retries what has failed there, which the
 * ledger then decides on; everything else that it could do is not there.
 */
export function registerQueues(app: FastifyInstance, { frame, ports }: Console): void {
  let opened: Promise<QueueBoard> | null = null;

  /** Null: it was answered. */
  async function boardFor(request: FastifyRequest, reply: FastifyReply): Promise<QueueBoard | null> {
    const visitor = visitorOf(request);
    const said = mayAct(visitor, 'operator') ? (ports.board === null ? noQueue() : null) : notYours(visitor.role);
    if (said !== null) {
      await frame.send(reply, { title: 'Queues', section: 'queues', visitor, ...said });
      return null;
    }
    return (opened ??= ports.board?.() ?? null);
  }

  app.get<{ Params: { '*'?: string } }>('/queues', async (request, reply) => look(request, reply, '/'));
  app.get<{ Params: { '*': string } }>('/queues/*', async (request, reply) =>
    look(request, reply, `/${request.params['*']}`),
  );

  async function look(request: FastifyRequest, reply: FastifyReply, path: string): Promise<FastifyReply> {
    const board = await boardFor(request, reply);
    if (board === null) return reply;
    if (board.isPage(path))
      return reply
        .header('content-security-policy', policy)
        .header('cache-control', 'no-store')
        .type('text/html; charset=utf-8')
        .send(board.page(place));
    const file = await board.file(path);
    // Their names hold a hash of what is in them; those of other languages do not.
    if (file !== null) return reply.header('cache-control', 'private, max-age=3600').type(file.type).send(file.bytes);
    const answer = await board.answer({ method: 'GET', path, query: request.query as Record<string, unknown> });
    return sendJson(reply, answer ?? { status: 404, body: { error: 'there is no such thing' } });
  }

  app.put<{ Params: { '*': string } }>('/queues/*', async (request, reply) => {
    const visitor = visitorOf(request);
    // Its script knows no token of ours. A browser says from where a request comes, and brings our cookie along from nowhere else.
    if (!isOfOwnOrigin(request) || !mayAct(visitor, 'operator') || ports.board === null) {
      const detail = { why: 'board', role: visitor.role, needed: 'operator', route: '/queues/*' };
      await ports.audit.note({ action: 'console.refused', actor: actorOf(visitor), detail });
      return sendJson(reply, { status: 403, body: { error: 'that is not yours to do' } });
    }
    const board = await (opened ??= ports.board());
    const path = `/${request.params['*']}`;
    await ports.audit.note({ action: 'console.queue_act', actor: actorOf(visitor), detail: { path } });
    const answer = await board.answer({ method: 'PUT', path, query: {} });
    return sendJson(reply, answer ?? { status: 403, body: { error: 'the console lets nobody do that to a queue' } });
  });
}

function sendJson(reply: FastifyReply, { status, body }: { readonly status: number; readonly body: unknown }) {
  reply.code(status).header('cache-control', 'no-store');
  return status === 204
    ? reply.send()
    : reply.type('application/json; charset=utf-8').send(JSON.stringify(body ?? null));
}

function notYours(role: string) {
  const main = html`<h1>Queues</h1>
    <p>It takes the role operator to look into the queues, and yours is ${role}.</p>`;
  return { main, status: 403 };
}

function noQueue() {
  const main = html`<h1>Queues</h1>
    <p>
      This console runs without a service, and has no queue. The console of a <code>leadsync run</code> that works has
      it. What is due is in the ledger, not in the queue: <a href="/">the overview</a> tells it.
    </p>`;
  return { main };
}
