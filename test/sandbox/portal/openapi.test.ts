import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { contracts } from '../../../src/contract/index.ts';
import type { LeadsContract } from '../../../src/contract/leads-contract.ts';
import type { SandboxAuthentication } from '../../../src/sandbox/authentication/sandbox-authentication.ts';
import type { BodySchema } from '../../../src/sandbox/portal/body-schema.ts';
import { openApiOf } from '../../../src/sandbox/portal/openapi.ts';
import { personBody, useSandboxes } from '../sandbox-under-test.ts';
import { laterVersion } from './later-version.ts';

const contract = contracts['1.2.5'];
const sandboxes = useSandboxes('sandbox openapi');

interface Media {
  readonly schema: object;
  readonly example?: Record<string, unknown>;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
interface Operation {
  readonly requestBody: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Record<string, Media>; readonly headers?: Readonly<Record<string, unknown>> }>
  >;
}
interface Document {
  readonly info: { readonly version: string };
  readonly security: readonly object[];
  readonly paths: Readonly<Record<string, { readonly post: Operation }>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, BodySchema>>;
    readonly securitySchemes?: Readonly<Record<string, object>>;
  };
}
type Described = Parameters<typeof openApiOf>[0];

const documentOf = (
  of: LeadsContract = contract,
  authentication: Described['authentication'] = 'none',
  scopes: Partial<Pick<Described, 'scopes' | 'requiredScopes'>> = {},
) =>
  openApiOf({
    contract: of,
    authentication,
    keyHeader: 'X-API-Key',
    scopes: null,
    requiredScopes: {},
    ...scopes,
  }) as Document;

/** As `$ref`s resolve them. */
async function resolved(document: object): Promise<Document> {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(document as Record<string, unknown>);
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  return validator.resolveRefs() as unknown as Document;
}

describe.each(['none', 'basic', 'api-key', 'oauth2'] as const)('with authentication %s', (mode) => {
  test('is a valid OpenAPI 3.1 document that says how to authenticate', async () => {
    const document = documentOf(contract, mode);
    await resolved(document);
    const { responses } = document.paths['/alta-lead']?.post ?? { responses: {} };
    const statuses = '200 3XX 400 404 405 413 415 422 429 431 500 502 503 default'.split(' ');
    expect(Object.keys(responses).toSorted()).toEqual(
      (mode === 'none' ? statuses : [...statuses, '401', '403']).toSorted(),
    );
    expect(document.components.securitySchemes).toEqual(
      {
        none: undefined,
        basic: { basic: expect.objectContaining({ type: 'http', scheme: 'basic' }) },
        'api-key': { apiKey: expect.objectContaining({ type: 'apiKey', in: 'header', name: 'X-API-Key' }) },
        oauth2: { oauth2: expect.objectContaining({ type: 'oauth2' }) },
      }[mode],
    );
    expect(document.security).toHaveLength(mode === 'none' ? 0 : 1);
  });
});

test('says which scopes there are, and which an endpoint needs', async () => {
  const document = documentOf(contract, 'oauth2', {
    scopes: ['read', 'write'],
    requiredScopes: { altaLead: 'write', updateLead: 'write' },
  });
  await resolved(document);
  expect(document.components.securitySchemes?.['oauth2']).toMatchObject({
    flows: { clientCredentials: { scopes: { read: 'Needed nowhere.', write: 'Needed for altaLead, updateLead.' } } },
  });
  expect(document.paths['/alta-lead']?.post).toMatchObject({ security: [{ oauth2: ['write'] }] });
  expect(document.paths['/client-data']?.post).not.toHaveProperty('security');
});

test('shows required fields, limits, forms and closed lists of every request', () => {
  const document = documentOf();
  const altaLead = schemaOf(document, 'AltaLeadRequest');
  expect(altaLead.required).toEqual(['acceptTerms', 'agenteId', 'motivoLlamada', 'name', 'phone']);
  expect(altaLead.properties).toMatchObject({
    acceptTerms: { type: 'boolean' },
    agenteId: { type: 'string', maxLength: 7, pattern: String.raw`^\d{7}$` },
    email: { type: 'string', maxLength: 50, examples: ['ana.perez@example.com'] },
    motivoLlamada: { type: 'string', enum: ['1', '2'] },
    parametersURL: { maxLength: 999 },
    ramo: { pattern: String.raw`^\d+$` },
    tresAgentes: { maxLength: 0 },
  });
  expect(Object.keys(altaLead.properties ?? {})).toEqual(contract.leadFields.map(({ name }) => name));
  expect(schemaOf(document, 'ClientDataRequest').required).toEqual(['nif']);
  expect(schemaOf(document, 'UpdateLeadRequest').required?.toSorted()).toEqual(['estado', 'leadId', 'observacion']);
  for (const field of contract.leadFields) {
    expect(altaLead.properties[field.name]?.description).toBe(field.description);
  }
});

test('follows the version of the contract: its number, a field that is added, one that is renamed', async () => {
  const document = documentOf(laterVersion());
  await resolved(document);
  expect(document.info.version).toBe('9.0.0');
  const { properties, required } = schemaOf(document, 'AltaLeadRequest');
  expect(properties['matricula']).toEqual({ type: 'string', description: 'Plate of the <car>.', maxLength: 12 });
  expect(required).toContain('matricula');
  expect(properties['campana']).toMatchObject({ maxLength: 255, examples: ['otoño-2026'] });
  expect(properties).not.toHaveProperty('campaign');
  const { content } = document.paths['/alta-lead']?.post.requestBody ?? { content: {} };
  expect(content['application/json']?.example).toMatchObject({ campana: 'otoño-2026' });
});

test('gives examples that fit its own schemas, and that the sandbox accepts', async () => {
  const { url, post } = await sandboxes.start();
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  expect(document).toEqual(JSON.parse(JSON.stringify(documentOf())));
  const { paths } = await resolved(document);
  let leadId = '';
  for (const path of ['/client-data', '/alta-lead', '/update-lead']) {
    const { requestBody, responses } = paths[path]?.post ?? { requestBody: { content: {} }, responses: {} };
    for (const { schema, example } of Object.values(requestBody.content)) expectToFit(schema, example);
    const { example } = requestBody.content['application/json'] ?? {};
    const answer = await post(path, path === '/update-lead' ? { ...example, leadId } : example);
    const body = (await answer.json()) as { leadId?: string };
    expect([path, answer.status]).toEqual([path, 200]);
    leadId = body.leadId ?? '';
    for (const { content = {} } of Object.values(responses)) {
      const { schema, example: error, examples = {} } = content['application/json'] ?? { schema: {} };
      for (const said of [
        ...Object.values(examples).map(({ value }) => value),
        ...(error === undefined ? [] : [error]),
      ]) {
        expectToFit(schema, said);
      }
    }
    expectToFit(responses['200']?.content?.['application/json']?.schema ?? {}, body);
  }
});

const modes: readonly SandboxAuthentication[] = [
  { kind: 'none' },
  { kind: 'basic', clientId: 'acme', clientSecret: 's-1' },
  { kind: 'api-key', clientId: 'acme', key: 'k-1' },
  { kind: 'oauth2', clientId: 'acme', clientSecret: 's-1' },
];

/** What a caller who is let in sends. */
async function credentialsAt(url: string, { kind }: SandboxAuthentication): Promise<Record<string, string>> {
  if (kind === 'none') return {};
  if (kind === 'api-key') return { 'x-api-key': 'k-1' };
  const authorization = `Basic ${btoa('acme:s-1')}`;
  if (kind === 'basic') return { authorization };
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  const answer = await fetch(`${url}/oauth/token`, { method: 'POST', headers: { authorization }, body });
  return { authorization: `Bearer ${((await answer.json()) as { access_token: string }).access_token}` };
}

describe.each(modes)('with authentication $kind it documents', (authentication) => {
  test.each<[string, number, RequestInit & { path?: string }]>([
    ['what is not JSON', 400, { body: '{' }],
    ['a lead that is wrong', 422, { body: JSON.stringify({ name: 'Ana' }) }],
    ['null', 422, { body: 'null' }],
    ['a body that is too long', 413, { body: JSON.stringify({ name: 'a'.repeat(70_000) }) }],
    ['another content type', 415, { body: '<lead/>', headers: { 'content-type': 'text/xml' } }],
    ['text', 415, { body: '{}', headers: { 'content-type': 'text/plain' } }],
    ['another path', 404, { body: '{}', path: '/v2/alta-lead' }],
    ['another method', 405, { method: 'PUT', body: '{}' }],
    ['headers that are too long', 431, { body: '{}', headers: { 'x-long': 'x'.repeat(20_000) } }],
  ])('what is answered to %s', async (_what, status, init) => {
    const { url } = await sandboxes.start({ authentication });
    await expectDocumented(url, status, init, await credentialsAt(url, authentication));
  });

  test.each([
    [401, { effect: 'unauthorized' }],
    [403, { effect: 'forbidden' }],
    [429, { effect: 'retry_after', retryAfterSeconds: 3 }],
    [500, { effect: 'http_500' }],
    [500, { effect: 'gateway_fault' }],
    [418, { effect: 'gateway_fault', status: 418 }],
    [502, { effect: 'http_502' }],
    [302, { effect: 'redirect' }],
    [308, { effect: 'redirect', status: 308 }],
    [503, { effect: 'maintenance' }],
    [200, { effect: 'ko' }],
  ] as const)('a %d as made by %j', async (status, fault) => {
    const sandbox = await sandboxes.start({ authentication });
    const credentials = await credentialsAt(sandbox.url, authentication);
    await sandbox.order({ faults: [{ ...fault }] });
    // A fault can refuse credentials where nobody asks for any.
    if (authentication.kind === 'none' && (status === 401 || status === 403)) return;
    const answer = await expectDocumented(sandbox.url, status, { body: JSON.stringify(personBody) }, credentials);
    expect(answer.headers.has('retry-after')).toBe(status === 429 || status === 503);
  });

  test('who is not let in, and why', async () => {
    const { url } = await sandboxes.start({ authentication });
    if (authentication.kind === 'none') return;
    await expectDocumented(url, 401, { body: '{}' });
    await expectDocumented(url, 401, { body: '{}' }, { authorization: 'Basic eDp5', 'x-api-key': 'x' });
    if (authentication.kind !== 'oauth2') return;
    await expectDocumented(url, 401, { body: '{}' }, { authorization: 'Bearer made-up' });
    await expectDocumented(url, 400, { body: '{}' }, { authorization: 'Bearer a b' });
  });

  test('who may not call an endpoint', async () => {
    if (authentication.kind === 'none') return;
    const { url } = await sandboxes.start({ authentication: { ...authentication, mayCall: ['clientData'] } });
    await expectDocumented(url, 403, { body: '{}' }, await credentialsAt(url, authentication));
  });
});

/** Sends it and holds the answer against the document: status, media type, body, and headers that are named there. */
async function expectDocumented(
  url: string,
  status: number,
  { path = '/alta-lead', headers, ...init }: RequestInit & { readonly path?: string },
  credentials: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const { paths } = await resolved((await (await fetch(`${url}/openapi.json`)).json()) as object);
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(headers as Record<string, string>), ...credentials },
    redirect: 'manual',
    ...init,
  });
  expect(answer.status, await answer.clone().text()).toBe(status);
  const responses = paths['/alta-lead']?.post.responses ?? {};
  const response = responses[String(status)] ?? responses[`${String(status)[0]}XX`] ?? responses['default'];
  const type = answer.headers.get('content-type')?.split(';')[0] ?? null;
  expect(type).toBe(Object.keys(response?.content ?? {})[0] ?? null);
  for (const name of Object.keys(response?.headers ?? {})) {
    // A fault that answers 401 or 400 asks for nothing.
    if (name !== 'WWW-Authenticate') expect(answer.headers.has(name), name).toBe(true);
  }
  const schema = response?.content?.['application/json']?.schema;
  if (schema !== undefined) expectToFit(schema, await answer.clone().json());
  return answer;
}

function schemaOf(document: Document, name: string): BodySchema {
  const schema = document.components.schemas[name];
  if (schema === undefined) throw new Error(`no schema ${name}`);
  return schema;
}

function expectToFit(schema: object, value: unknown): void {
  const { error } = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value);
  expect(error?.issues).toBeUndefined();
}
