import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readReason } from '../acts/reason.ts';
import type { Console } from '../console.ts';
import type { ConsolePorts } from '../ports.ts';
import { createBearerGate, type Caller } from '../door/bearer-gate.ts';
import { createRecentTries } from '../door/recent-tries.ts';
import { mayAct } from '../door/visitor.ts';
import { sendAnswer, sendRefusal } from './answer.ts';
import { BodyFault, readCsvAlone, readJsonAlone, readRequest } from './read-request.ts';
import { refuse, type Refusal } from './refusal.ts';
import { once, type OnceEnd } from './once.ts';
import { done, type ApiEnd, type Route } from './route.ts';
import { routesOf } from './routes.ts';

/** Of a body, unless its route says otherwise. */
const mostBytes = 64 * 1024;

/** So many recent refusals of a machine user's role are audited. */
const mostRefusedRoles = 50;

/**
 * `/api/…`: what the pages show and do, as JSON, for machines. Every path takes a token, none takes a cookie; paths, their
 * roles and shapes are the list in routes.ts, of which `/api/openapi.json` is made.
 */
export function registerApi(app: FastifyInstance, parts: Console): void {
  const { ports } = parts;
  const enter = createBearerGate(ports);
  const callers = new WeakMap<FastifyRequest, Caller>();
  const routes = routesOf(parts);
  const refusedRoles = createRecentTries(() => ports.clock.monotonicMs());

  readJsonAlone(app);
  app.addHook('onRequest', async (request, reply) => {
    const entrance = await enter(request);
    switch (entrance.kind) {
      case 'in':
        callers.set(request, entrance.caller);
        return undefined;
      case 'no_token':
        return sendRefusal(reply, refuse('CONSOLE_TOKEN_MISSING'));
      case 'refused':
        return sendRefusal(reply, refuse('CONSOLE_TOKEN_REFUSED'));
      case 'too_many':
        return sendRefusal(reply, refuse('CONSOLE_TRIES_TOO_MANY', undefined, { retryAfterMs: entrance.waitMs }));
    }
  });
  app.setNotFoundHandler(async (request, reply) => {
    const allowed = methodsOf(routes, request.url);
    if (allowed.length === 0) return sendRefusal(reply, refuse('CONSOLE_PATH_UNKNOWN'));
    return sendRefusal(reply.header('allow', allowed.join(', ')), refuse('CONSOLE_METHOD_UNKNOWN'));
  });
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const refusal = refusalOf(error);
    // What the database says may hold values of rows: its code is told, and nothing else.
    const code = typeof error.code === 'string' ? error.code : error.name;
    if (refusal.code === 'CONSOLE_FAILED')
      ports.log.event('pageFailed', { route: request.routeOptions.url ?? 'none', code });
    return sendRefusal(reply, refusal);
  });

  serve(
    app,
    routes.filter(({ isUpload }) => isUpload !== true),
  );
  app.register(async (uploading) => {
    readCsvAlone(uploading);
    serve(
      uploading,
      routes.filter(({ isUpload }) => isUpload === true),
    );
  });

  function serve(within: FastifyInstance, some: readonly Route[]): void {
    for (const route of some) {
      within.route({
        method: route.method,
        url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
        bodyLimit: route.mostBytes ?? mostBytes,
        handler: (request, reply) => answer(route, request, reply),
      });
    }
  }

  /** As wrong tokens are: a script that tries for ever with too low a role would fill the log, which is kept for ever. */
  async function noteRefusedRole({ name, role, actor }: Caller, { needs }: Route, request: FastifyRequest) {
    if (refusedRoles.waitMs(name, mostRefusedRoles) > 0) return;
    const why = refusedRoles.note(name) === mostRefusedRoles ? 'role_too_often' : 'role';
    const detail = { why, role, needed: needs, route: request.routeOptions.url ?? '' };
    await ports.audit.note({ action: 'console.refused', actor, detail });
  }

  async function answer(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const caller = callers.get(request);
    if (caller === undefined) throw new Error('a path before the gate asked who is there');
    if (!mayAct(caller, route.needs)) {
      const { role } = caller;
      await noteRefusedRole(caller, route, request);
      return sendRefusal(
        reply,
        refuse('CONSOLE_ROLE_TOO_LOW', `It takes the role ${route.needs}, and yours is ${role}.`),
      );
    }
    const { end, isReplayed } = await carryOut(ports, route, request, caller);
    if (end.kind === 'refused') return sendRefusal(reply, end);
    if (isReplayed) reply.header('idempotency-replayed', 'true');
    return sendAnswer(reply, route.status ?? 200, end.answer);
  }
}

async function carryOut(ports: ConsolePorts, route: Route, request: FastifyRequest, caller: Caller): Promise<OnceEnd> {
  const refused = (end: Refusal): OnceEnd => ({ end, isReplayed: false });
  const read = readRequest(route, request);
  if (read.kind === 'refused') return refused(read);
  const { place, query, body } = read;
  const typed = reasonIn(body);
  const reason = typed === null ? null : readReason(typed);
  if (reason?.kind === 'refused') {
    const code = reason.why === 'personal' ? 'CONSOLE_REASON_REFUSED' : 'CONSOLE_REQUEST_INVALID';
    return refused(refuse(code, `reason: ${reason.says}`));
  }
  const handle = async (): Promise<ApiEnd> => {
    const act = { actor: caller.actor, reason: reason?.text ?? '' };
    const end = await route.handle({ place, query, body, caller, act });
    // Only what is described leaves, as JSON has it.
    return end.kind === 'refused' ? end : done(route.answer.parse(JSON.parse(JSON.stringify(end.answer))));
  };
  const key = request.headers['idempotency-key'];
  if (route.takesKey !== true || key === undefined) return { end: await handle(), isReplayed: false };
  return once(ports, { name: caller.name, key: String(key), route: route.id, body }, handle);
}

function reasonIn(body: unknown): string | null {
  return typeof body === 'object' && body !== null && 'reason' in body ? String(body.reason) : null;
}

function refusalOf(error: FastifyError): Refusal {
  const { code, statusCode = 500 } = error;
  if (error instanceof BodyFault) return refuse('CONSOLE_REQUEST_INVALID', `body: ${error.says}`);
  if (statusCode === 413) return refuse('CONSOLE_BODY_TOO_LARGE');
  if (statusCode === 415) return refuse('CONSOLE_BODY_KIND_UNKNOWN');
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') return refuse('CONSOLE_REQUEST_INVALID', 'body: expected JSON');
  return statusCode < 500
    ? refuse('CONSOLE_REQUEST_INVALID', 'body: expected JSON that can be read')
    : refuse('CONSOLE_FAILED');
}

/** The methods of the routes that a path fits. */
function methodsOf(routes: readonly Route[], url: string): readonly string[] {
  const [path = ''] = url.split('?');
  const methods = routes
    .filter((route) =>
      new RegExp(`^/api${route.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
    )
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...new Set(methods)];
}

/** Is it asked of the API? Then it is answered as the API does, also where the API does not come to it. */
export function isOfApi({ url }: Pick<FastifyRequest, 'url'>): boolean {
  return /^\/api(?:[/?]|$)/.test(url);
}

export function sendStrangeHost(reply: FastifyReply): FastifyReply {
  return sendRefusal(reply, refuse('CONSOLE_HOST_STRANGE'));
}

/** Of an address that is none. */
export function sendUnreadable(reply: FastifyReply): FastifyReply {
  return sendRefusal(reply, refuse('CONSOLE_REQUEST_INVALID', 'address: expected one that can be read'));
}
