import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SessionLife } from '../../app/ports/console-sessions.ts';
import type { ConsolePorts, ConsoleSettings, ConsoleUser } from '../ports.ts';
import { cookieNames, cookieOf, readCookie } from './cookies.ts';
import { isHttps } from './own-origin.ts';
import { credentialsOf, formTokenOf, hashOfToken, isSameToken, newToken } from './tokens.ts';
import type { Visitor } from './visitor.ts';

/** A session ends after a shift, and where nobody has looked for half an hour. */
export const sessionLife: SessionLife = { mostMs: 8 * 3_600_000, idleMs: 30 * 60_000 };

export interface Sessions {
  /** Who shows the cookie of a session that is going on. Null: nobody. */
  visitor(request: FastifyRequest): Promise<Visitor | null>;
  /** Does that session still go on? Nothing of it is lengthened by asking. */
  isGoing(request: FastifyRequest): Promise<boolean>;
  /** Ends the session whose cookie the request brings along: a login leaves no other behind. */
  begin(request: FastifyRequest, reply: FastifyReply, user: ConsoleUser): Promise<void>;
  end(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

/** The cookie is a random token; the ledger knows its hash, and the settings know who the user is and what they may. */
export function createSessions({ sessions }: Pick<ConsolePorts, 'sessions'>, settings: ConsoleSettings): Sessions {
  const secure = { isHttps: isHttps(settings), port: settings.port };
  const { session: name } = cookieNames(secure);
  return {
    async visitor(request) {
      const token = readCookie(request.headers.cookie, name);
      if (token === null) return null;
      const session = await sessions.find(hashOfToken(token), sessionLife);
      // A user who was taken away, or has another password now, is logged out.
      const user = settings.users.find((one) => one.name === session?.name);
      if (session === null || user === undefined) return null;
      if (!isSameToken(credentialsOf(user, token), session.credentials)) return null;
      return { name: user.name, role: user.role, formToken: formTokenOf(token) };
    },
    async isGoing(request) {
      const token = readCookie(request.headers.cookie, name);
      return token !== null && (await sessions.isGoing(hashOfToken(token), sessionLife));
    },
    async begin(request, reply, user) {
      const before = readCookie(request.headers.cookie, name);
      if (before !== null) await sessions.end(hashOfToken(before));
      const token = newToken();
      await sessions.begin(hashOfToken(token), { name: user.name, credentials: credentialsOf(user, token) });
      await sessions.forgetEnded(sessionLife);
      reply.header('set-cookie', cookieOf(name, token, { ...secure, maxAgeSeconds: sessionLife.mostMs / 1_000 }));
    },
    async end(request, reply) {
      const token = readCookie(request.headers.cookie, name);
      if (token !== null) await sessions.end(hashOfToken(token));
      reply.header('set-cookie', cookieOf(name, '', { ...secure, maxAgeSeconds: 0 }));
    },
  };
}
