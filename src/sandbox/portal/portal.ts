import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import type { LeadsContract } from '../../contract/leads-contract.ts';
import { defaultKeyHeader } from '../authentication/api-key-gate.ts';
import { readAsset, serveAsset } from '../page/asset.ts';
import { sendPage } from '../page/page.ts';
import { baseUrlOf } from './base-url.ts';
import { docsPage } from './docs-page.ts';
import { openApiOf } from './openapi.ts';
import type { AuthenticationMode } from './security-scheme.ts';

export interface PortalOptions {
  readonly contract: LeadsContract;
  readonly authentication: AuthenticationMode;
  /** Where an API key goes. Defaults to X-API-Key. */
  readonly keyHeader?: string;
  /** Whether the pages and `/__sandbox` ask for credentials, as they do beyond loopback. Defaults to false. */
  readonly pagesNeedLogin?: boolean;
}

const stylesheet = readAsset(fileURLToPath(new URL('./docs.css', import.meta.url)));
const script = readAsset(fileURLToPath(new URL('./docs.js', import.meta.url)));

const head = html`<link rel="stylesheet" href="${stylesheet.href}" />
  <script type="module" src="${script.href}"></script>`;

/** What a developer who builds against the API reads: `GET /docs`, and `GET /openapi.json` for programs. */
export function registerPortal(
  app: FastifyInstance,
  { contract, authentication, keyHeader = defaultKeyHeader, pagesNeedLogin = false }: PortalOptions,
): void {
  for (const asset of [stylesheet, script]) serveAsset(app, asset);
  const document = openApiOf(contract, authentication, keyHeader);
  app.get('/', (_request, reply) => reply.redirect('/docs', 303));
  app.get('/openapi.json', async () => document);
  app.get('/docs', (request, reply) => {
    const facts = { contract, authentication, keyHeader, pagesNeedLogin, baseUrl: baseUrlOf(request) };
    return sendPage(reply, { title: 'Documentation', section: 'docs', main: docsPage(facts), head });
  });
}
