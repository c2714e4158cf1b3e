import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ledgerId } from './contract/values.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Route } from './route.ts';

/** JSON alone; `__proto__` and `constructor` in it are refused. */
export function readJsonAlone(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, app.getDefaultJsonParser('error', 'error'));
}

export interface RequestRead {
  readonly kind: 'read';
  readonly place: string;
  readonly query: unknown;
  readonly body: unknown;
}

/** What a request asks for, as its route describes it. */
export function readRequest(route: Route, { params, query, body }: FastifyRequest): RequestRead | Refusal {
  const [place = ''] = Object.values(params as Readonly<Record<string, string>>);
  const hasPlace = route.path.includes('{');
  if (hasPlace && !(route.place ?? ledgerId).safeParse(place).success) return refuse('CONSOLE_NOT_FOUND');
  const readQuery = (route.query ?? z.strictObject({})).safeParse({ ...(query as object) });
  if (!readQuery.success) return refuse('CONSOLE_REQUEST_INVALID', sayIssues(readQuery.error, 'query'));
  if (route.body === undefined) return { kind: 'read', place, query: readQuery.data, body: undefined };
  const readBody = route.body.safeParse(body ?? undefined);
  if (!readBody.success) return refuse('CONSOLE_REQUEST_INVALID', sayIssues(readBody.error, 'body'));
  return { kind: 'read', place, query: readQuery.data, body: readBody.data };
}

const issuesTold = 5;

/** Where, and what was expected. What was sent is not repeated: neither a value, nor a name that nobody knows. */
function sayIssues({ issues }: z.ZodError, whole: string): string {
  const told = issues.slice(0, issuesTold).map((issue) => {
    const where = issue.path.length === 0 ? whole : issue.path.join('.');
    if (issue.code === 'unrecognized_keys') return `${where}: a name that is not known there`;
    return `${where}: ${issue.message}`;
  });
  return told.join('; ');
}
