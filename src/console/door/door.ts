import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { html } from 'hono/html';
import { basicChallengeFor, readBasic } from '../../web/basic-credentials.ts';
import { fieldOf } from '../frame/form.ts';
import type { Frame } from '../frame/frame.ts';
import type { ConsolePorts, ConsoleSettings, ConsoleUser, Role } from '../ports.ts';
import { rememberMachines } from './known-machines.ts';
import { createLogin } from './login.ts';
import { isOfOwnOrigin } from './own-origin.ts';
import { createSessions } from './sessions.ts';
import { isSameToken } from './tokens.ts';
import { actorOf, letIn, mayAct, visitorOf, type Visitor } from './visitor.ts';

export interface Door {
  /** The pages of login and logout. */
  register(app: FastifyInstance): void;
  /** A hook before every page: lets the visitor in, or answers in the page's place. */
  gate(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>;
  /** The same for what machines ask for: a session, or name and password by Basic. */
  gateOfMachines(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>;
  /** Of an answer that goes on for long: is its visitor still logged in? */
  isStillIn(request: FastifyRequest): Promise<boolean>;
  /**
   * Before anything is changed: may this visitor, and is the request of our own page? False: no; it was answered, and
   * audited. A boolean and no reply: a reply that is waited for is nothing, and nothing would let everybody through.
   */
  mayChange(request: FastifyRequest, reply: FastifyReply, needed: Role): Promise<boolean>;
}

const anybody: Visitor = { name: null, role: 'viewer', formToken: null };

export function createDoor(
  ports: Pick<ConsolePorts, 'audit' | 'clock' | 'passwords' | 'sessions'>,
  { settings, frame }: { readonly settings: ConsoleSettings; readonly frame: Frame },
): Door {
  const sessions = createSessions(ports, settings);
  const login = createLogin(ports, { settings, frame, sessions });
  const machines = rememberMachines<ConsoleUser>(() => ports.clock.monotonicMs());
  const isOpen = settings.users.length === 0;

  async function mayChange(request: FastifyRequest, reply: FastifyReply, needed: Role): Promise<boolean> {
    const visitor = visitorOf(request);
    // Where nobody can log in there is no token, and nothing to be done but to ask.
    const hasToken =
      visitor.formToken === null
        ? isOpen && needed === 'viewer'
        : isSameToken(fieldOf(request, 'form'), visitor.formToken);
    const isOurs = isOfOwnOrigin(request) && hasToken;
    if (isOurs && mayAct(visitor, needed)) return true;
    const why = isOurs ? 'role' : 'form';
    const detail = { why, role: visitor.role, needed, route: request.routeOptions.url ?? '' };
    await ports.audit.note({ action: 'console.refused', actor: actorOf(visitor), detail });
    const main = html`<h1>That is not yours to do</h1>
      <p>
        ${
          isOurs
            ? `It takes the role ${needed}, and yours is ${visitor.role}.`
            : 'The page that this came from is too old. Go back, load it again, and do it once more.'
        }
      </p>`;
    await frame.send(reply, { title: 'Refused', section: null, visitor, main, status: 403 });
    return false;
  }

  return {
    async gate(request, reply) {
      const visitor = isOpen ? anybody : await sessions.visitor(request);
      if (visitor !== null) {
        letIn(request, visitor);
        return undefined;
      }
      if (request.method !== 'GET') return frame.send(reply, loggedOut());
      return comesFromElsewhere(request) ? comeAgain(request, reply) : toLogin(request, reply);
    },

    async gateOfMachines(request, reply) {
      const visitor = isOpen ? anybody : await sessions.visitor(request);
      if (visitor !== null) {
        letIn(request, visitor);
        return undefined;
      }
      const shown = readBasic(request.headers.authorization);
      const given = shown === null ? null : { name: shown.id, password: shown.secret };
      const judged = given === null ? null : (machines.find(given) ?? (await login.judge(given, request.ip)));
      if (given !== null && judged !== null && 'role' in judged) {
        machines.remember(given, judged);
        letIn(request, { name: judged.name, role: judged.role, formToken: null });
        return undefined;
      }
      if (judged !== null && 'waitMs' in judged)
        return reply
          .code(429)
          .header('retry-after', Math.ceil(judged.waitMs / 1_000))
          .send();
      return reply.code(401).header('www-authenticate', basicChallengeFor('leadsync')).send();
    },

    isStillIn: async (request) => isOpen || sessions.isGoing(request),
    mayChange,

    register(app) {
      login.register(app);
      app.post('/logout', async (request, reply) => {
        const visitor = await sessions.visitor(request);
        if (visitor === null) return reply.redirect('/login', 303);
        letIn(request, visitor);
        if (!(await mayChange(request, reply, 'viewer'))) return reply;
        await sessions.end(request, reply);
        await ports.audit.note({ action: 'console.logout', actor: actorOf(visitor), detail: {} });
        return reply.redirect('/login', 303);
      });
    },
  };
}

function loggedOut() {
  const main = html`<h1>You are logged out</h1>
    <p>Nothing was changed. <a href="/login">Log in</a> and do it once more.</p>`;
  return { title: 'Logged out', section: null, visitor: null, main, status: 401 } as const;
}

function toLogin(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.redirect(`/login?next=${encodeURIComponent(request.url)}`, 303);
}

/** A link in a mail or another tool. The browser keeps our cookie back on the way from another site. */
function comesFromElsewhere({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site';
}

/** A page of ours that leads to the same address: on this way the cookie comes along. */
async function comeAgain(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const document = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="refresh" content="0; url=${request.url}" />
        <title>leadsync</title>
      </head>
      <body>
        <p><a href="${request.url}">Go on to the console</a></p>
      </body>
    </html>`;
  return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(String(document));
}
