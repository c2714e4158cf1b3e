import type { FastifyRequest } from 'fastify';
import { readBasic } from '../../web/basic-credentials.ts';
import { basicChallenge } from './basic-challenge.ts';
import type { Denial } from './denial.ts';
import { isLoopback } from './loopback.ts';
import { isSamePair } from './same-secret.ts';
import type { SandboxAuthentication } from './sandbox-authentication.ts';

/**
 * Who may see the pages and `/__sandbox`. On loopback everybody; elsewhere who shows the client id and its secret (or
 * key) by Basic. Where the sandbox listens decides, not where a request comes from: behind a proxy all come from
 * loopback.
 */
export function createPagesGate(
  authentication: SandboxAuthentication,
  host: string,
): (request: FastifyRequest) => Denial | null {
  if (isLoopback(host) || authentication.kind === 'none') return () => null;
  const secret = authentication.kind === 'api-key' ? authentication.key : authentication.clientSecret;
  const known = { id: authentication.clientId, secret };
  return (request) => {
    const given = readBasic(request.headers.authorization);
    return given !== null && isSamePair(given, known) ? null : denial;
  };
}

const denial: Denial = {
  status: 401,
  headers: { 'www-authenticate': basicChallenge },
  body: { message: 'Client id and secret are needed.' },
};
