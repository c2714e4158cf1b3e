import { z } from 'zod';
import { statusOfCode, type RefusalCode } from '../refusal.ts';
import { errorBody } from '../contract/error.ts';
import { apiSchemas } from '../contract/schemas.ts';
import { ledgerId } from '../contract/values.ts';
import type { Area, Route } from '../route.ts';

const areas: Readonly<Record<Area, string>> = {
  overview: 'How things stand, and what needs a person.',
  files: 'What arrived, and what a person does with it.',
  rows: 'Rows by what they have in common, by a person’s values, and one by one.',
  'in-doubt': 'What may have been carried out, and the ways out.',
  replays: 'Failed and rejected rows back to work.',
  partners: 'Whose files are carried, and what stops them.',
  audit: 'What happened and who did it.',
  updates: 'Status updates, as `leadsync update` enters them.',
};

/** What every path may answer with instead. */
const always: readonly RefusalCode[] = [
  'CONSOLE_REQUEST_INVALID',
  'CONSOLE_TOKEN_MISSING',
  'CONSOLE_TOKEN_REFUSED',
  'CONSOLE_HOST_STRANGE',
  'CONSOLE_TRIES_TOO_MANY',
  'CONSOLE_FAILED',
];
const ofBodies: readonly RefusalCode[] = ['CONSOLE_BODY_TOO_LARGE', 'CONSOLE_BODY_KIND_UNKNOWN'];

/** The codes with which a route may refuse, from what it says of itself. */
export function refusalsOf({ method, path, body, needs, takesKey, refusals = [] }: Route): readonly RefusalCode[] {
  const codes = [
    ...always,
    ...(method === 'POST' ? ofBodies : []),
    ...(path.includes('{') ? (['CONSOLE_NOT_FOUND'] as const) : []),
    ...(takesReason(body) ? (['CONSOLE_REASON_REFUSED'] as const) : []),
    ...(needs === 'viewer' ? [] : (['CONSOLE_ROLE_TOO_LOW'] as const)),
    ...(takesKey === true ? (['CONSOLE_KEY_REUSED', 'CONSOLE_KEY_UNDER_WAY'] as const) : []),
    ...refusals,
  ];
  return [...new Set(codes)];
}

/**
 * The API as an OpenAPI 3.1 document, made from the routes that are served and the shapes that they read and answer with,
 * so that it can't promise anything else.
 */
export function openApiOf(routes: readonly Route[], { version }: { readonly version: string }): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'leadsync: the JSON API of the console',
      version,
      description:
        'What the pages of the console show and do, for machines. Names are promises: they are added to, never renamed. Examples: docs/api.md.',
    },
    servers: [{ url: '/api' }],
    security: [{ token: [] }],
    tags: Object.entries(areas).map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(
      [...Map.groupBy(routes, ({ path }) => path)].map(([path, own]) => [
        path,
        Object.fromEntries(own.map((route) => [route.method.toLowerCase(), operation(route)])),
      ]),
    ),
    components: {
      schemas: schemas(),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Of a machine user: `leadsync console-token make`.' },
      },
    },
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'For 24 hours the same request with the same key is carried out once, and answered as it was.',
  schema: { type: 'string', minLength: 1, maxLength: 100, pattern: '^[!-~]+$' },
};

function operation(route: Route): object {
  const { id, area, says, needs, body, answer, status = 200 } = route;
  return {
    operationId: id,
    tags: [area],
    summary: says,
    description: `For machine users with the role ${needs}${needs === 'admin' ? '' : ' or a higher one'}.`,
    parameters: [...placesOf(route), ...parametersOf(route), ...(route.takesKey === true ? [idempotencyKey] : [])],
    ...(body === undefined ? {} : { requestBody: { required: true, content: contentOf(route, body) } }),
    responses: {
      [status]: { description: says, content: json(refOf(answer)) },
      ...Object.fromEntries(
        [...Map.groupBy(refusalsOf(route), (code) => statusOfCode[code])].map(([refused, codes]) => [
          refused,
          { description: codes.map((code) => `\`${code}\``).join(', '), content: json(refOf(errorBody)) },
        ]),
      ),
    },
  };
}

function contentOf({ isUpload }: Route, body: z.ZodType): object {
  return isUpload === true ? { 'text/csv': { schema: { type: 'string' } } } : json(refOf(body));
}

function placesOf({ path, place = ledgerId }: Route): readonly object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: schemaOf(place),
  }));
}

function parametersOf({ query }: Route): readonly object[] {
  if (query === undefined) return [];
  const { properties = {} } = schemaOf(query) as { readonly properties?: Readonly<Record<string, object>> };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

function takesReason(body: Route['body']): boolean {
  return body instanceof z.ZodObject && 'reason' in body.shape;
}

function json(schema: object): object {
  return { 'application/json': { schema } };
}

function refOf(schema: z.ZodType): object {
  const named = apiSchemas.get(schema);
  if (named === undefined) throw new Error('a shape of the API has no name');
  return { $ref: `#/components/schemas/${named.id}` };
}

/** What may come in, which is what has to be told: answers are open, as fields are added to them. */
function schemaOf(schema: z.ZodType): object {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io: 'input' });
  return plain;
}

function schemas(): Readonly<Record<string, object>> {
  const all = z.toJSONSchema(apiSchemas, { io: 'input', uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(all.schemas).map(([name, schema]) => [
      name,
      Object.fromEntries(Object.entries(schema).filter(([key]) => !['$schema', '$id', 'id'].includes(key))),
    ]),
  );
}
