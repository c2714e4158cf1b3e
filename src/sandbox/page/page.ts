import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { html, raw } from 'hono/html';
import { readAsset, serveAsset, sharedStyles } from '../../web/asset.ts';

/** What hono's `html` makes: escaped already. */
export type Html = ReturnType<typeof html>;

export interface Page {
  /** What the page is about; the window's title says it before the sandbox's name. */
  readonly title: string;
  /** The part of the sandbox that the page belongs to. */
  readonly section: 'docs' | 'ficha-gestion';
  readonly main: Html;
  /** More for the page's head: a part's own stylesheet or script, as `asset.ts` serves them. Defaults to nothing. */
  readonly head?: Html;
}

const stylesheet = readAsset(sharedStyles);
const icon = readAsset(join(import.meta.dirname, 'sandbox.svg'));

const navigation = [
  { section: 'ficha-gestion', href: '/ficha-gestion', label: 'Ficha Gestión' },
  { section: 'docs', href: '/docs', label: 'API docs' },
  { section: null, href: '/openapi.json', label: 'openapi.json' },
] as const;

/** The files that every page asks for. */
export function registerPage(app: FastifyInstance): void {
  for (const asset of [stylesheet, icon]) serveAsset(app, asset);
}

/** A whole HTML document in the sandbox's frame. */
export async function renderPage({ title, section, main, head }: Page): Promise<string> {
  const link = (entry: (typeof navigation)[number]) =>
    html`<a href="${entry.href}" ${entry.section === section ? raw('aria-current="page"') : ''}>${entry.label}</a>`;
  const document = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Leads API sandbox</title>
        <link rel="icon" href="${icon.href}" type="image/svg+xml" />
        <link rel="stylesheet" href="${stylesheet.href}" />
        ${head}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="masthead">
          <a class="brand" href="/ficha-gestion">Leads API <span>sandbox</span></a>
          <nav aria-label="Sandbox">${navigation.map(link)}</nav>
        </header>
        <main id="main" tabindex="-1">${main}</main>
        <footer class="colophon">
          <p>
            leadsync’s own sandbox of the Leads Contract API, not the insurer’s system. Everything in it is synthetic.
          </p>
        </footer>
      </body>
    </html>`;
  return String(document);
}

/**
 * Sends a page with the headers that every page of ours has: nothing from outside is loaded, nobody may frame it, and
 * nothing of it is kept in a cache, for a page may show a person.
 */
export async function sendPage(reply: FastifyReply, page: Page, status = 200): Promise<FastifyReply> {
  const document = await renderPage(page);
  return reply
    .code(status)
    .headers({
      'content-security-policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    .type('text/html; charset=utf-8')
    .send(document);
}
