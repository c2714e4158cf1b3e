import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { BoardAnswer, BoardRequest, QueueBoard } from '../../app/ports/queue-board.ts';

type Adapter = Parameters<typeof createBullBoard>[0]['serverAdapter'];
type Routes = Parameters<Adapter['setApiRoutes']>[0];
type Queues = Parameters<Adapter['setQueues']>[0];
type UiConfig = Parameters<Adapter['setUIConfig']>[0];

/** Whatever else Bull Board could do to a queue nobody would heal: pause, empty, clean, add, change. */
const retries = new Set(['/api/queues/:queueName/retry/:queueStatus', '/api/queues/:queueName/:jobId/retry']);

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

interface Given {
  routes: Routes;
  queues: Queues | null;
  entry: readonly string[];
  uiConfig: UiConfig;
  views: string;
  statics: string;
  onError: ((error: Error) => { readonly status?: number; readonly body: unknown }) | null;
}

/** Bull Board behind a server of ours: its own adapters bring a server along, or templates, and let everything through. */
export function createQueueBoard(queues: readonly unknown[]): QueueBoard {
  const given: Given = { routes: [], queues: null, entry: [], uiConfig: {}, views: '', statics: '', onError: null };
  const adapter: Adapter = {
    setQueues: (all) => ((given.queues = all), adapter),
    setViewsPath: (path) => ((given.views = path), adapter),
    setStaticPath: (_route, path) => ((given.statics = path), adapter),
    setEntryRoute: ({ route }) => ((given.entry = [route].flat()), adapter),
    setErrorHandler: (handler) => ((given.onError = handler), adapter),
    setApiRoutes: (routes) => ((given.routes = routes), adapter),
    setUIConfig: (config) => ((given.uiConfig = config), adapter),
  };
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue as never)),
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'leadsync queues',
        miscLinks: [{ text: 'leadsync console', url: '/' }],
        hideDocsLink: true,
        hideRedisDetails: true,
        showWorkers: false,
      },
    },
  });
  const files = new Set(
    readdirSync(given.statics, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(given.statics.length)),
  );
  const template = withoutStrangers(readFileSync(join(given.views, 'index.ejs'), 'utf8'));
  const entries = given.entry.map(patternOf);
  const routes = given.routes.flatMap(({ method, route, handler }) =>
    [route].flat().map((one) => ({ methods: [method].flat(), route: one, pattern: patternOf(one), handler })),
  );

  return {
    page: (place) => fill(template, { ...namesOf(given.uiConfig), basePath: place, uiConfig: jsonIn(given.uiConfig) }),
    isPage: (path) => entries.some((pattern) => pattern.test(path)),

    async file(path) {
      const name = path.startsWith('/static/') ? path.slice('/static'.length) : '';
      if (!files.has(name)) return null;
      return {
        bytes: await readFile(join(given.statics, name)),
        type: types[extname(name)] ?? 'application/octet-stream',
      };
    },

    async answer({ method, path, query }: BoardRequest): Promise<BoardAnswer | null> {
      const found = routes.find(
        (one) =>
          one.methods.some((name) => name.toUpperCase() === method) &&
          one.pattern.test(path) &&
          (method === 'GET' || retries.has(one.route)),
      );
      if (found === undefined || given.queues === null) return null;
      const params = Object.fromEntries(
        Object.entries(found.pattern.exec(path)?.groups ?? {}).map(([name, value]) => [
          name,
          decodeURIComponent(value),
        ]),
      );
      try {
        const { status = 200, body } = await found.handler({
          queues: given.queues,
          uiConfig: given.uiConfig,
          params,
          query: { ...query },
          body: {},
          headers: {},
        });
        return { status, body };
      } catch (error) {
        if (given.onError === null || !(error instanceof Error)) throw error;
        // What it says of an error may be anything: its status is enough.
        return { status: given.onError(error).status ?? 500, body: { error: 'that did not work' } };
      }
    },
  };
}

/** `/api/queues/:queueName` as a pattern with named groups. */
function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
}

/** Fonts from outside, and what stands in the page to look well until its script is there: our policy lets neither in. */
function withoutStrangers(page: string): string {
  return page
    .replaceAll(/<link href="https?:[^>]*>/g, '')
    .replace(/<div id="root">[\s\S]*<\/div>(?=\s*<script defer)/, '<div id="root"></div>');
}

function namesOf({ boardTitle, favIcon }: UiConfig): Readonly<Record<string, string>> {
  return {
    title: boardTitle ?? '',
    favIconDefault: favIcon?.default ?? '',
    favIconAlternative: favIcon?.alternative ?? '',
  };
}

/** JSON that can't end the element it stands in. */
function jsonIn(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('>', String.raw`\u003e`);
}

/** The places of an EJS page: values of our own, that need no escape. */
function fill(page: string, values: Readonly<Record<string, string>>): string {
  return page.replaceAll(/<%[=-] *(\w+) *%>/g, (_place, name: string) => values[name] ?? '');
}
