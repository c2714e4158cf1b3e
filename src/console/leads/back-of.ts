import type { FastifyRequest } from 'fastify';

export interface Back {
  readonly href: string;
  readonly label: string;
}

const labels: Readonly<Record<string, string>> = { '/rows': 'Rows', '/in-doubt': 'In doubt' };

/** The listing that the visitor came from, with its filters; else all rows. */
export function backOf({ headers }: Pick<FastifyRequest, 'headers'>): Back {
  const from = headers.referer === undefined ? null : URL.parse(headers.referer);
  const label = from !== null && from.host === headers.host ? labels[from.pathname] : undefined;
  return from === null || label === undefined
    ? { href: '/rows', label: 'Rows' }
    : { href: `${from.pathname}${from.search}`, label };
}
