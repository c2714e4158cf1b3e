import type { FastifyRequest } from 'fastify';

/** The listing that the visitor came from, with its filters; else all rows. */
export function backOf({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const from = headers.referer === undefined ? null : URL.parse(headers.referer);
  return from !== null && from.host === headers.host && from.pathname === '/rows' ? `/rows${from.search}` : '/rows';
}
