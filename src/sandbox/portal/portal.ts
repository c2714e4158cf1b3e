import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import { readAsset, serveAsset } from '../../web/asset.ts';
import { sendPage } from '../page/page.ts';
import { baseUrlOf } from './base-url.ts';
import { docsPage } from './docs-page.ts';
import { openApiOf } from './openapi.ts';
import type { Facts } from './facts.ts';

const stylesheet = readAsset(fileURLToPath(new URL('./docs.css', import.meta.url)));
const script = readAsset(fileURLToPath(new URL('./docs.js', import.meta.url)));

const head = html`<link rel="stylesheet" href="${stylesheet.href}" />
  <script type="module" src="${script.href}"></script>`;

/** What a developer who builds against the API reads: `GET /docs`, and `GET /openapi.json` for programs. */
export function registerPortal(app: FastifyInstance, known: Omit<Facts, 'baseUrl'>): void {
  for (const asset of [stylesheet, script]) serveAsset(app, asset);
  const document = openApiOf(known);
  app.get('/', (_request, reply) => reply.redirect('/docs', 303));
  app.get('/openapi.json', async () => document);
  app.get('/docs', (request, reply) => {
    const facts = { ...known, baseUrl: baseUrlOf(request) };
    return sendPage(reply, { title: 'Documentation', section: 'docs', main: docsPage(facts), head });
  });
}
