import type { FastifyInstance } from 'fastify';
import { defaultKeyHeader } from './authentication/api-key-gate.ts';
import { deny } from './authentication/denial.ts';
import { isLoopback } from './authentication/loopback.ts';
import { createPagesGate } from './authentication/pages-gate.ts';
import type { SandboxAuthentication } from './authentication/sandbox-authentication.ts';
import type { Parts } from './endpoints/endpoint.ts';
import type { Faults } from './faults/faults.ts';
import { registerFaults } from './faults/register-faults.ts';
import { registerFichaGestion } from './ficha-gestion/ficha-gestion.ts';
import { registerPage } from './page/page.ts';
import { registerPortal } from './portal/portal.ts';
import { registerState } from './register-state.ts';

/** All that people and tests look at: the pages, and `/__sandbox`. Open on loopback; elsewhere behind the login. */
export function servePages(
  app: FastifyInstance,
  {
    parts,
    authentication,
    faults,
    host,
  }: {
    readonly parts: Parts;
    readonly authentication: SandboxAuthentication;
    readonly faults: Faults;
    /** What the sandbox listens on. */
    readonly host: string;
  },
): void {
  const gate = createPagesGate(authentication, host);
  app.register(async (pages) => {
    pages.addHook('onRequest', async (request, reply) => {
      reply.headers(headers);
      const denial = gate(request);
      return denial === null ? undefined : deny(reply, denial);
    });
    registerState(pages, parts.pool);
    registerFaults(pages, faults);
    registerPage(pages);
    const login = {
      authentication: authentication.kind,
      keyHeader: (authentication.kind === 'api-key' ? authentication.header : undefined) ?? defaultKeyHeader,
      pagesNeedLogin: !isLoopback(host),
    };
    const oauth2 = authentication.kind === 'oauth2' ? authentication : null;
    const scopes = { scopes: oauth2?.scopes ?? null, requiredScopes: oauth2?.requiredScopes ?? {} };
    registerFichaGestion(pages, { ...parts, ...login, ...scopes });
    registerPortal(pages, { contract: parts.contract, ...login, ...scopes });
  });
}

/** Nothing from outside is loaded, and nobody may frame a page. A page may ask for more. */
const headers = {
  'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};
