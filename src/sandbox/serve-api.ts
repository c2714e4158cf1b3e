import type { FastifyInstance } from 'fastify';
import { createGate } from './authentication/create-gate.ts';
import { deny } from './authentication/denial.ts';
import { createIssuedTokens } from './authentication/issued-tokens.ts';
import { calledEndpoints } from './authentication/sandbox-authentication.ts';
import type { CalledEndpoint, SandboxAuthentication } from './authentication/sandbox-authentication.ts';
import { serveTokens } from './authentication/serve-tokens.ts';
import { defaultTokenLifeSeconds } from './authentication/token-endpoint.ts';
import { altaLeadEndpoint } from './endpoints/alta-lead.ts';
import { clientDataEndpoint } from './endpoints/client-data.ts';
import type { Parts, SandboxEndpoint } from './endpoints/endpoint.ts';
import { serveEndpoint } from './endpoints/serve-endpoint.ts';
import { updateLeadEndpoint } from './endpoints/update-lead.ts';
import type { Faults } from './faults/faults.ts';

const endpoints: Readonly<Record<CalledEndpoint, SandboxEndpoint>> = {
  clientData: clientDataEndpoint,
  altaLead: altaLeadEndpoint,
  updateLead: updateLeadEndpoint,
};

/** The three endpoints with the login in front of them. Who is not let in meets no fault and does no work. */
export function serveApi(
  app: FastifyInstance,
  {
    parts,
    authentication,
    ...serving
  }: {
    readonly parts: Parts;
    readonly authentication: SandboxAuthentication;
    readonly faults: Faults;
    readonly closing: AbortSignal;
  },
): void {
  const life = authentication.kind === 'oauth2' ? authentication.tokenLifeSeconds : undefined;
  const tokens = createIssuedTokens((life ?? defaultTokenLifeSeconds) * 1000);
  const gate = createGate(authentication, tokens);
  for (const name of calledEndpoints) {
    const endpoint = endpoints[name];
    app.post(endpoint.path, {
      onRequest: async (request, reply) => {
        const denial = gate(request, name);
        return denial === null ? undefined : deny(reply, denial);
      },
      handler: (request, reply) => serveEndpoint({ parts, endpoint, ...serving }, request, reply),
    });
  }
  if (authentication.kind === 'oauth2') serveTokens(app, authentication, tokens, serving);
}
