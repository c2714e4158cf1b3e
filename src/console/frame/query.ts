import type { FastifyRequest } from 'fastify';

/** What an address asks for. The first value of each name counts; PostgreSQL's text knows no NUL. */
export type Query = Readonly<Record<string, string>>;

export function queryOf({ query }: Pick<FastifyRequest, 'query'>): Query {
  const said: Record<string, string> = {};
  for (const [name, value] of Object.entries(query as Record<string, unknown>)) {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof first !== 'string') continue;
    const text = first.replaceAll('\0', '').trim();
    if (text !== '') said[name] = text;
  }
  return said;
}
