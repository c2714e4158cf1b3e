import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file of ours that pages ask for. */
export interface Asset {
  /** For a page: the path with a mark of the content, so that a browser may keep what it has for good. */
  readonly href: string;
  readonly path: string;
  readonly mark: string;
  readonly type: string;
  readonly content: Buffer;
}

/**
 * Reads a file (.css, .js or .svg), to be served as `/assets/` and its name; with `before`, another file of the same kind
 * in front of it. Throws where there is none.
 */
export function readAsset(file: string, { before }: { readonly before?: string } = {}): Asset {
  const content = Buffer.concat([before, file].filter((path) => path !== undefined).map((path) => readFileSync(path)));
  const mark = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const path = `/assets/${basename(file)}`;
  const type = types[extname(file)];
  if (type === undefined) throw new Error(`${file} is none of ${Object.keys(types).join(', ')}`);
  return { href: `${path}?v=${mark}`, path, mark, type, content };
}

/** Asked for with its mark it may be kept for a year; without, or with another's, it is asked for again each time. */
export function serveAsset(app: FastifyInstance, { path, mark, type, content }: Asset): void {
  const etag = `"${mark}"`;
  app.get<{ Querystring: { v?: string } }>(path, (request, reply) => {
    reply.header('etag', etag);
    reply.header('cache-control', request.query.v === mark ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type(type).send(content);
  });
}

/** The frame's look and that of the elements that all pages share: for `before` of a stylesheet. */
export const sharedStyles = fileURLToPath(new URL('./page.css', import.meta.url));
