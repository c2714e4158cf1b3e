import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { html, raw } from 'hono/html';
import { readAsset, serveAsset, sharedStyles } from '../../web/asset.ts';
import { doneWords, isDoneWord, type DoneWord } from '../acts/done-words.ts';
import { cookieNames, cookieOf, readCookie } from '../door/cookies.ts';
import { isHttps } from '../door/own-origin.ts';
import { mayAct, type Visitor } from '../door/visitor.ts';
import type { ConsoleSettings, Role } from '../ports.ts';

/** What hono's `html` makes: escaped already. */
export type Html = ReturnType<typeof html>;

export type Section =
  | 'overview'
  | 'files'
  | 'rows'
  | 'doubts'
  | 'replays'
  | 'partners'
  | 'deliveries'
  | 'search'
  | 'audit'
  | 'erasures'
  | 'queues';

export interface Page {
  /** What the page is about; the window's title says it before the console's name. */
  readonly title: string;
  /** The part of the console that it belongs to. Null: none. */
  readonly section: Section | null;
  readonly main: Html;
  /** Null: nobody is let in yet, so that nothing leads further. */
  readonly visitor: Visitor | null;
  /** Where its parts are kept as they are now. Absent: it is as it was loaded. */
  readonly liveFrom?: string;
  /** Defaults to 200. */
  readonly status?: number;
}

export interface Frame {
  /** The files that every page asks for. */
  register(app: FastifyInstance): void;
  send(reply: FastifyReply, page: Page): Promise<FastifyReply>;
  /** After an act: leads to the page that shows what has become of it, which says once what was done. */
  sendOn(reply: FastifyReply, to: { readonly to: string; readonly said: DoneWord }): FastifyReply;
}

const stylesheet = readAsset(fileURLToPath(new URL('./console.css', import.meta.url)), { before: sharedStyles });
const liveScript = readAsset(fileURLToPath(new URL('../live/live.js', import.meta.url)));
const icon = readAsset(fileURLToPath(new URL('./console.svg', import.meta.url)));

const navigation: readonly {
  readonly section: Section;
  readonly href: string;
  readonly label: string;
  readonly needs?: Role;
}[] = [
  { section: 'overview', href: '/', label: 'Overview' },
  { section: 'files', href: '/files', label: 'Files' },
  { section: 'rows', href: '/rows', label: 'Rows' },
  { section: 'doubts', href: '/in-doubt', label: 'In doubt' },
  { section: 'replays', href: '/replays', label: 'Replays' },
  { section: 'partners', href: '/partners', label: 'Partners' },
  { section: 'deliveries', href: '/deliveries', label: 'Deliveries' },
  { section: 'search', href: '/search', label: 'Search' },
  { section: 'audit', href: '/audit', label: 'Audit' },
  { section: 'erasures', href: '/erasures', label: 'Erasures' },
  { section: 'queues', href: '/queues', label: 'Queues', needs: 'operator' },
];

/** The frame of every page. */
export function createFrame(
  settings: Pick<ConsoleSettings, 'port' | 'surroundings' | 'tls' | 'url' | 'users' | 'version'>,
): Frame {
  const secure = { isHttps: isHttps(settings), port: settings.port };
  const { done: doneCookie } = cookieNames(secure);

  /** What an act has said, told once. */
  function takeSaid(reply: FastifyReply): Html {
    const word = readCookie(reply.request.headers.cookie, doneCookie);
    if (word === null) return html``;
    reply.header('set-cookie', cookieOf(doneCookie, '', { ...secure, maxAgeSeconds: 0 }));
    return isDoneWord(word) ? html`<p class="notice done" role="status">${doneWords[word]}</p>` : html``;
  }

  return {
    sendOn(reply, { to, said }) {
      return reply.header('set-cookie', cookieOf(doneCookie, said, { ...secure, maxAgeSeconds: 60 })).redirect(to, 303);
    },
    register(app) {
      for (const asset of [stylesheet, icon, liveScript]) serveAsset(app, asset);
    },
    async send(reply, page) {
      const document = await html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="robots" content="noindex" />
            <title>${page.title} · leadsync</title>
            <link rel="icon" href="${icon.href}" type="image/svg+xml" />
            <link rel="stylesheet" href="${stylesheet.href}" />
            ${
              page.liveFrom === undefined
                ? ''
                : html`<script defer src="${liveScript.href}" data-live-from="${page.liveFrom}"></script>`
            }
          </head>
          <body>
            <a class="skip" href="#main">Skip to the content</a>
            ${masthead(page, settings)}
            <main id="main" tabindex="-1">${takeSaid(reply)} ${page.main}</main>
            ${colophon(page, settings)}
          </body>
        </html>`;
      return reply
        .code(page.status ?? 200)
        .header('cache-control', 'no-store')
        .type('text/html; charset=utf-8')
        .send(String(document));
    },
  };
}

function masthead(
  { section, visitor }: Page,
  { surroundings, users }: Pick<ConsoleSettings, 'surroundings' | 'users'>,
): Html {
  const link = (entry: (typeof navigation)[number]) =>
    html`<a href="${entry.href}" ${entry.section === section ? raw('aria-current="page"') : ''}>${entry.label}</a>`;
  return html`<header class="masthead">
    <a class="brand" href="/">leadsync <span>console</span></a>
    <span class="environment ${surroundings.environment}">${surroundings.environment}</span>
    ${visitor === null ? '' : html`<nav aria-label="Console">${navigation.filter(({ needs }) => needs === undefined || mayAct(visitor, needs)).map(link)}</nav>`}
    ${visitor === null || users.length === 0 ? '' : visitorBox(visitor)}
  </header>`;
}

function visitorBox({ name, role, formToken }: Visitor): Html {
  return html`<form class="visitor" method="post" action="/logout">
    <span>${name} <span class="quiet">${role}</span></span>
    <input type="hidden" name="form" value="${formToken}" />
    <button>Log out</button>
  </form>`;
}

function colophon(
  { visitor }: Page,
  { surroundings, users, version }: Pick<ConsoleSettings, 'surroundings' | 'users' | 'version'>,
): Html {
  const open = 'Nobody can log in here: this machine alone may look, and nobody may act (docs/console.md).';
  return html`<footer class="colophon">
    <p>
      leadsync ${version}
      ${visitor === null ? '' : html` · ledger: ${surroundings.ledger} · queue: ${surroundings.queue} · times in ${surroundings.timeZone}`}
    </p>
    ${users.length === 0 ? html`<p>${open}</p>` : ''}
  </footer>`;
}
