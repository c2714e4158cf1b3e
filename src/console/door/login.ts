import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Frame } from '../frame/frame.ts';
import { fieldOf } from '../frame/form.ts';
import type { ConsolePorts, ConsoleSettings, ConsoleUser } from '../ports.ts';
import { cookieNames, cookieOf, readCookie } from './cookies.ts';
import { createLoginLimit } from './login-limit.ts';
import { loginPage } from './login-page.ts';
import { nextPath } from './next-path.ts';
import { isHttps, isOfOwnOrigin } from './own-origin.ts';
import type { Sessions } from './sessions.ts';
import { formTokenOf, isSameToken, newToken } from './tokens.ts';
import { actorOf } from './visitor.ts';

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

export interface Login {
  register(app: FastifyInstance): void;
  /** Judges a name and a password, slowly and not often; whoever is refused is audited. `waitMs`: it was not looked at. */
  judge(given: Credentials, address: string): Promise<ConsoleUser | { readonly waitMs: number } | null>;
}

const mostNoted = 10_000;

type LoginPorts = Pick<ConsolePorts, 'audit' | 'clock' | 'passwords'>;

/** `scrypt` of nothing that anybody knows: an unknown name takes as long as a wrong password. */
const nobodysPassword = 'scrypt:16:8:2:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

export function createLogin(
  { audit, clock, passwords }: LoginPorts,
  {
    settings,
    frame,
    sessions,
  }: { readonly settings: ConsoleSettings; readonly frame: Frame; readonly sessions: Sessions },
): Login {
  const limit = createLoginLimit(() => clock.monotonicMs());
  const secure = { isHttps: isHttps(settings), port: settings.port };
  const { form: formCookie } = cookieNames(secure);
  /** Guesses that are not looked at any more are noted once, or the log would grow with each. */
  const noted = new Set<string>();

  /** The first names somebody who is known; an unknown name may be a password in the wrong field. */
  function noteRefusal(user: ConsoleUser | undefined, why: string, address: string): Promise<void> {
    return audit.note({
      action: 'console.login_refused',
      actor: actorOf({ name: user?.name ?? null }),
      detail: { why, address },
    });
  }

  async function judge({ name, password }: Credentials, address: string): ReturnType<Login['judge']> {
    const user = settings.users.find((one) => one.name === name);
    const waitMs = limit.waitMs(name, address);
    const key = `${user?.name ?? ''} ${address}`;
    if (waitMs > 0) {
      if (!noted.has(key)) await noteRefusal(user, 'too_many_tries', address);
      if (noted.size > mostNoted) noted.clear();
      noted.add(key);
      return { waitMs };
    }
    noted.delete(key);
    limit.tries(name, address);
    const isRight = await passwords.isRight(password, user?.password ?? nobodysPassword);
    if (user !== undefined && isRight) {
      limit.wasRight(name, address);
      return user;
    }
    await noteRefusal(user, user === undefined ? 'unknown_name' : 'wrong_password', address);
    return null;
  }

  /** The form, with what shows that it is of our own page. */
  function sendForm(
    request: FastifyRequest,
    reply: FastifyReply,
    { status, said, next }: { readonly status: number; readonly said: string | null; readonly next: string },
  ): Promise<FastifyReply> {
    const known = readCookie(request.headers.cookie, formCookie);
    const cookie = known ?? newToken();
    if (known === null) reply.header('set-cookie', cookieOf(formCookie, cookie, { ...secure, maxAgeSeconds: 86_400 }));
    const main = loginPage({ formToken: formTokenOf(cookie), said, next });
    return frame.send(reply, { title: 'Log in', section: null, visitor: null, main, status });
  }

  return {
    judge,
    register(app) {
      app.get<{ Querystring: { next?: unknown } }>('/login', async (request, reply) => {
        const next = nextPath(request.query.next);
        if (settings.users.length === 0 || (await sessions.visitor(request)) !== null) return reply.redirect(next, 303);
        return sendForm(request, reply, { status: 200, said: null, next });
      });

      app.post('/login', async (request, reply) => {
        const next = nextPath(fieldOf(request, 'next'));
        const cookie = readCookie(request.headers.cookie, formCookie);
        const isOurs = cookie !== null && isSameToken(fieldOf(request, 'form'), formTokenOf(cookie));
        if (!isOurs || !isOfOwnOrigin(request))
          return sendForm(request, reply, { status: 403, said: 'This form was too old. Log in once more.', next });
        const given = { name: fieldOf(request, 'name').trim(), password: fieldOf(request, 'password') };
        const judged = await judge(given, request.ip);
        if (judged === null) return sendForm(request, reply, { status: 401, said: 'Name or password is wrong.', next });
        if ('waitMs' in judged) {
          reply.header('retry-after', Math.ceil(judged.waitMs / 1_000));
          const minutes = Math.ceil(judged.waitMs / 60_000);
          const said = `Too many tries. Wait ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
          return sendForm(request, reply, { status: 429, said, next });
        }
        await sessions.begin(request, reply, judged);
        await audit.note({ action: 'console.login', actor: actorOf(judged), detail: { address: request.ip } });
        return reply.redirect(next, 303);
      });
    },
  };
}
