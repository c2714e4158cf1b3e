import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { repeatsName } from '../../domain/repeated-name.ts';
import { ledgerId } from './contract/values.ts';
import { refuse, type Refusal } from './refusal.ts';
import type { Route } from './route.ts';

/**
 * JSON alone, and such that there is one way to read it: `__proto__` and `constructor` in it are refused, a name that stands
 * twice, and bytes that are no UTF-8, which would reach the insurer as question marks.
 */
export function readJsonAlone(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes: Buffer, done) => {
    let text: string;
    try {
      text = utf8.decode(bytes);
    } catch {
      return done(new BodyFault('expected UTF-8'));
    }
    return parse(request, text, (error, body) => {
      if (error === null && repeatsName(text, 'anywhere'))
        return done(new BodyFault('a name stands twice in one object'));
      return done(error, body);
    });
  });
}

/** `says`: what is wrong with a body, without anything of it. */
export class BodyFault extends Error {
  readonly statusCode = 400;
  readonly says: string;

  constructor(says: string) {
    super(says);
    this.says = says;
  }
}

/** CSV alone, as it comes: its length is for who reads it to limit. */
export function readCsvAlone(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
}

export interface RequestRead {
  readonly kind: 'read';
  readonly place: string;
  readonly query: unknown;
  readonly body: unknown;
}

/** Of a path that takes none. What is said there and would be passed over was meant. */
const noBody = z.strictObject({}).optional();

/** What a request asks for, as its route describes it. */
export function readRequest(route: Route, { params, query, body }: FastifyRequest): RequestRead | Refusal {
  const [place = ''] = Object.values(params as Readonly<Record<string, string>>);
  const hasPlace = route.path.includes('{');
  if (hasPlace && !(route.place ?? ledgerId).safeParse(place).success) return refuse('CONSOLE_NOT_FOUND');
  const readQuery = (route.query ?? z.strictObject({})).safeParse({ ...(query as object) });
  if (!readQuery.success) return refuse('CONSOLE_REQUEST_INVALID', sayIssues(readQuery.error, 'query'));
  if (route.isUpload === true && !isStream(body)) return refuse('CONSOLE_BODY_KIND_UNKNOWN');
  const readBody = (route.body ?? noBody).safeParse(body ?? undefined);
  if (!readBody.success) return refuse('CONSOLE_REQUEST_INVALID', sayIssues(readBody.error, 'body'));
  return { kind: 'read', place, query: readQuery.data, body: readBody.data };
}

function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
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
