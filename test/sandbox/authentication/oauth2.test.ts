import { afterEach, describe, expect, test, vi } from 'vitest';
import type { OAuth2Authentication } from '../../../src/sandbox/authentication/sandbox-authentication.ts';
import type { LeadsApiOptions } from '../../../src/adapters/leads-api/leads-api-client.ts';
import { call } from '../../adapters/leads-api/api-under-test.ts';
import { person, personBody, useSandboxes } from '../sandbox-under-test.ts';
import type { SandboxUnderTest } from '../sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox oauth2');

afterEach(() => {
  vi.useRealTimers();
});

const start = (part: Partial<OAuth2Authentication> = {}, more: Parameters<typeof sandboxes.start>[0] = {}) =>
  sandboxes.start({
    authentication: { kind: 'oauth2', clientId: 'leadsync', clientSecret: 's+c:%', ...part },
    ...more,
  });

function clientOf(sandbox: SandboxUnderTest, part: Partial<Extract<LeadsApiOptions['auth'], { kind: 'oauth2' }>> = {}) {
  const tokenUrl = `${sandbox.url}/oauth/token`;
  return sandbox.api({
    auth: { kind: 'oauth2', tokenUrl, clientId: 'leadsync', clientSecret: 's+c:%', ...part },
  });
}

const credentials = { client_id: 'leadsync', client_secret: 's+c:%' };

function ask(
  sandbox: SandboxUnderTest,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${sandbox.url}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });
}

interface Grant {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number | string;
  readonly scope?: string;
}

async function granted(sandbox: SandboxUnderTest, form: Readonly<Record<string, string>> = {}): Promise<Grant> {
  const answer = await ask(sandbox, { grant_type: 'client_credentials', ...credentials, ...form });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Grant;
}

const create = (sandbox: SandboxUnderTest, authorization?: string) =>
  sandbox.post('/alta-lead', personBody, authorization === undefined ? {} : { authorization });

describe('the token endpoint', () => {
  test.each(['header', 'body'] as const)('takes the credentials of our client in the %s', async (where) => {
    const sandbox = await start();
    const api = clientOf(sandbox, { credentials: where, scope: 'leads', audience: 'api' });
    expect((await api.createLead(person, call())).outcome.kind).toBe('answered');
  });

  test.each([
    [false, 600],
    [true, '600'],
  ])('says when a token ends; as text: %s', async (expiresInAsText, seconds) => {
    const sandbox = await start({ tokenLifeSeconds: 600, expiresInAsText });
    expect(await granted(sandbox)).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: seconds,
    });
    expect((await clientOf(sandbox).createLead(person, call())).outcome.kind).toBe('answered');
  });

  test('issues another token each time; none may be kept in a cache', async () => {
    const sandbox = await start();
    expect((await granted(sandbox)).access_token).not.toBe((await granted(sandbox)).access_token);
    const answer = await ask(sandbox, { grant_type: 'client_credentials', ...credentials });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('pragma')).toBe('no-cache');
    expect(answer.headers.get('x-leads-sandbox')).toBe('1');
  });

  test('repeats the scope that was asked for', async () => {
    expect((await granted(await start(), { scope: 'leads  audit' })).scope).toBe('leads audit');
  });

  test('grants all of its scopes where none is asked for', async () => {
    const sandbox = await start({ scopes: ['leads', 'audit'] });
    expect((await granted(sandbox)).scope).toBe('leads audit');
    expect((await granted(sandbox, { scope: 'audit' })).scope).toBe('audit');
  });

  const grant = { grant_type: 'client_credentials' };
  const wrong: readonly (readonly [string, Record<string, string> | string, Record<string, string>, number, string])[] =
    [
      ['no grant_type', credentials, {}, 400, 'invalid_request'],
      ['an empty grant_type', { ...credentials, grant_type: '' }, {}, 400, 'invalid_request'],
      ['another grant_type', { ...credentials, grant_type: 'password' }, {}, 400, 'unsupported_grant_type'],
      ['no credentials', grant, {}, 401, 'invalid_client'],
      ['another secret', { ...grant, ...credentials, client_secret: 'x' }, {}, 401, 'invalid_client'],
      ['another client', { ...grant, ...credentials, client_id: 'x' }, {}, 401, 'invalid_client'],
      ['a malformed header', grant, { authorization: 'Basic *' }, 401, 'invalid_client'],
      ['a header of another scheme', grant, { authorization: 'Bearer x' }, 401, 'invalid_client'],
      [
        'a header that is not form-encoded',
        grant,
        { authorization: `Basic ${btoa('leadsync:s+c:%')}` },
        401,
        'invalid_client',
      ],
      ['credentials twice', { ...grant, ...credentials }, { authorization: 'Basic eDp5' }, 400, 'invalid_request'],
      ['a parameter twice', 'grant_type=client_credentials&scope=a&scope=b', {}, 400, 'invalid_request'],
      ['a body of JSON', { ...grant, ...credentials }, { 'content-type': 'application/json' }, 400, 'invalid_request'],
      [
        'another client in the body than in the header',
        { ...grant, client_id: 'other' },
        { authorization: `Basic ${btoa('leadsync:s%2Bc%3A%25')}` },
        400,
        'invalid_request',
      ],
      ...['"', '\\', '\0', 'ñ', 'a\tb'].map(
        (scope) =>
          [`a scope ${JSON.stringify(scope)}`, { ...grant, ...credentials, scope }, {}, 400, 'invalid_scope'] as const,
      ),
      ['a scope that is not granted', { ...grant, ...credentials, scope: 'leads root' }, {}, 400, 'invalid_scope'],
    ];

  test.each(wrong)('refuses %s', async (_name, form, headers, status, error) => {
    const sandbox = await start({ scopes: ['leads'] });
    const answer = await ask(sandbox, form, headers);
    expect([answer.status, await answer.json()]).toEqual([status, { error, error_description: expect.any(String) }]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('www-authenticate')).toBe(
      status === 401 ? 'Basic realm="Leads Contract API", charset="UTF-8"' : null,
    );
  });

  test('answers as OAuth has it to a body that is too long', async () => {
    const answer = await ask(await start(), { ...grant, scope: 'x'.repeat(70_000) });
    expect([answer.status, await answer.json()]).toEqual([
      413,
      { error: 'invalid_request', error_description: expect.any(String) },
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('takes the same client in header and body', async () => {
    const authorization = `Basic ${btoa('leadsync:s%2Bc%3A%25')}`;
    expect((await ask(await start(), { ...grant, client_id: 'leadsync' }, { authorization })).status).toBe(200);
  });

  test('whatever scope is asked for, none that is malformed is granted', async () => {
    const answer = await ask(await start(), { ...grant, ...credentials, scope: 'leads "' });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_scope' }]);
  });

  test('halts our client with a wrong secret, and sends nothing', async () => {
    const sandbox = await start();
    const api = clientOf(sandbox, { clientSecret: 'wrong' });
    expect(await api.createLead(person, call())).toMatchObject({
      outcome: { kind: 'halted', code: 'API_HALTED_CREDENTIALS' },
      evidence: 'never_written',
    });
  });

  test('is struck by a fault that names it, and by no other', async () => {
    const sandbox = await start(
      {},
      {
        faults: [
          { effect: 'ko', times: 0 },
          { endpoint: 'token', effect: 'http_502' },
        ],
      },
    );
    const api = clientOf(sandbox);
    expect((await api.checkClient(person.dni, call())).outcome.kind).toBe('not_sent');
    expect((await api.checkClient(person.dni, call())).outcome.kind).toBe('inconclusive');
  });

  test('is not there in another mode', async () => {
    expect((await ask(await sandboxes.start(), grant)).status).toBe(404);
  });
});

describe('a token', () => {
  test('is asked for without an error code where nothing is shown', async () => {
    const sandbox = await start();
    for (const authorization of [undefined, `Basic ${btoa('leadsync:s')}`]) {
      const answer = await create(sandbox, authorization);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="Leads Contract API"');
      expect(await answer.json()).toEqual({ message: 'A bearer token is missing.' });
    }
  });

  test('that was never issued is invalid', async () => {
    const answer = await create(await start(), 'Bearer made-up');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer realm="Leads Contract API", error="invalid_token", error_description="The access token is not known."',
    );
    expect(await answer.json()).toMatchObject({ error: 'invalid_token', message: 'The access token is not known.' });
  });

  test('that can not be one is an invalid request', async () => {
    const answer = await create(await start(), 'Bearer a b');
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_request' }]);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_request"');
  });

  test('is accepted until it ends, and then gets 401', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const sandbox = await start({ tokenLifeSeconds: 60 });
    const { access_token: token } = await granted(sandbox);
    vi.advanceTimersByTime(59_999);
    expect((await create(sandbox, `Bearer ${token}`)).status).toBe(200);
    vi.advanceTimersByTime(1);
    const answer = await create(sandbox, `Bearer ${token}`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('error_description="The access token has expired."');
  });

  test('long ended is forgotten', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const sandbox = await start({ tokenLifeSeconds: 60 });
    const { access_token: token } = await granted(sandbox);
    vi.advanceTimersByTime(120_000);
    await granted(sandbox);
    expect(await (await create(sandbox, `Bearer ${token}`)).json()).toMatchObject({
      message: 'The access token is not known.',
    });
  });

  test('of our client that is not accepted any more is fetched anew after one halt', async () => {
    const first = await start();
    const { port } = new URL(first.url);
    const api = clientOf(first);
    expect((await api.createLead(person, call())).outcome.kind).toBe('answered');
    await sandboxes.stopAll();
    await start({}, { port: Number(port) });
    expect((await api.createLead(person, call())).outcome).toEqual({ kind: 'halted', code: 'API_HALTED_CREDENTIALS' });
    expect((await api.createLead(person, call())).outcome.kind).toBe('answered');
  });

  test('without the scope that an endpoint needs gets 403', async () => {
    const sandbox = await start({ requiredScopes: { altaLead: 'leads.write' } });
    const { access_token: weak } = await granted(sandbox, { scope: 'leads.read' });
    const refused = await create(sandbox, `Bearer ${weak}`);
    expect([refused.status, await refused.json()]).toEqual([
      403,
      {
        message: 'The access token lacks the scope leads.write.',
        error: 'insufficient_scope',
        error_description: 'The access token lacks the scope leads.write.',
        scope: 'leads.write',
      },
    ]);
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect(refused.headers.get('www-authenticate')).toContain('scope="leads.write"');
    const check = await sandbox.post('/client-data', { nif: person.dni }, { authorization: `Bearer ${weak}` });
    expect(check.status).toBe(200);
    const { access_token: strong } = await granted(sandbox, { scope: 'leads.read leads.write' });
    expect((await create(sandbox, `bearer ${strong}`)).status).toBe(200);
    expect((await clientOf(sandbox, { scope: 'leads.read' }).createLead(person, call())).outcome).toEqual({
      kind: 'halted',
      code: 'API_HALTED_CREDENTIALS',
    });
  });

  test('of a client that may not call an endpoint gets 403', async () => {
    const sandbox = await start({ mayCall: ['updateLead'] });
    const { access_token: token } = await granted(sandbox);
    expect((await create(sandbox, `Bearer ${token}`)).status).toBe(403);
  });
});
