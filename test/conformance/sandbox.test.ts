import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checksOf } from '../../src/conformance/checks.ts';
import { costOf } from '../../src/conformance/run-checks.ts';
import type { SandboxAuthentication } from '../../src/sandbox/authentication/sandbox-authentication.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import type { SandboxState } from '../../src/sandbox/state.ts';
import type { Authentication } from '../../src/adapters/leads-api/authentication.ts';
import { createTestDatabase } from '../support/database.ts';
import { contract, deploymentAt, examine } from './a-deployment.ts';
import type { Examined } from './a-deployment.ts';

let database: { readonly url: string; drop(): Promise<void> };

beforeAll(async () => {
  database = await createTestDatabase('conformance');
});

afterAll(() => database.drop());

async function stateOf({ url }: Sandbox): Promise<SandboxState> {
  return (await (await fetch(`${url}/__sandbox/state`)).json()) as SandboxState;
}

describe('our sandbox', () => {
  let sandbox: Sandbox;
  let examined: Examined;
  let state: SandboxState;

  beforeAll(async () => {
    sandbox = await startSandbox({ databaseUrl: database.url, port: 0 });
    examined = await examine(deploymentAt(sandbox.url));
    state = await stateOf(sandbox);
  });

  afterAll(() => sandbox.close());

  test('does all that leadsync needs and all that the specification says', () => {
    expect(examined.unfit('must', 'should')).toEqual([]);
    expect(examined.unfit('seen')).toEqual(['authentication.required']);
  });

  test('has no lead but those that the report names', () => {
    expect(state.leads.map(({ leadId }) => leadId).toSorted()).toEqual(examined.deployment.leadIds().toSorted());
    expect(state.leads.length).toBeGreaterThan(10);
  });

  test('was not called more often than announced', () => {
    const { calls, leads } = costOf(checksOf(contract, { write: true }));
    expect(examined.deployment.exchanges.length).toBeLessThanOrEqual(calls);
    expect(state.leads.length).toBeLessThanOrEqual(leads);
    expect(examined.deployment.exchanges.filter(({ endpoint }) => endpoint === 'altaLead').length).toBe(leads);
  });

  test('creates twice what is sent twice, with and without a key', () => {
    for (const what of ['same-partner-lead-id', 'same-idempotency-key']) {
      const finding = examined.find(`repeated-create.${what}`);
      expect(finding.got).toMatch(/^TWO leads: \d+ and \d+$/);
      expect(finding.set).toContain('would create twice');
    }
    const keys = state.leads.map(({ idempotencyKey }) => idempotencyKey);
    expect(keys.filter((key) => key === null)).toHaveLength(2);
    expect(new Set(keys).size).toBe(keys.length - 2);
  });

  test('is told by the types of its answers', () => {
    expect(examined.find('client-data.types').got).toContain('partnerManage boolean');
    expect(examined.find('alta-lead.types').got).toBe('idLanding text, leadId text, message text');
    expect(examined.find('alta-lead.refusal-shape').got).toBe(
      'HTTP 422 application/json; keys errors, message; message is text',
    );
    expect(examined.find('limits.all-over-at-once').got).toBe('names all 12');
    expect(examined.find('latency.keep-alive').got).toMatch(/^\d+ calls over 1 connection;/);
  });

  test('creates nothing and is not asked to by the harmless half', async () => {
    const before = (await stateOf(sandbox)).counts;
    const harmless = await examine(deploymentAt(sandbox.url), checksOf(contract, { write: false }));
    expect(harmless.unfit('must', 'should')).toEqual([]);
    expect(harmless.deployment.exchanges.every(({ endpoint }) => endpoint === 'clientData')).toBe(true);
    expect((await stateOf(sandbox)).counts).toMatchObject({ leads: before.leads, updates: before.updates });
  });

  test('takes forms as well, where types cannot be told', async () => {
    const forms = await examine(deploymentAt(sandbox.url, { body: 'form' }));
    expect(forms.unfit('must', 'should')).toEqual([]);
    expect(forms.find('alta-lead.codes-as-numbers')).toMatchObject({
      result: 'skipped',
      got: 'a form has texts only',
    });
  });

  test.each([
    ['a client, whose agent is taken over', '12345606G', 'alta-lead.created', 'pass'],
    ['a client of another partner', '12345608A', 'alta-lead.subject', 'fail'],
    ['a client without an agent', '12345698F', 'alta-lead.subject', 'fail'],
    ['a person for whom it answers KO', '12345699P', 'client-data.answered', 'fail'],
  ])('is asked about %s', async (_name, nif, check, result) => {
    const about = await examine(deploymentAt(sandbox.url, { subject: { nif, run: 'nif', fields: {} } }));
    expect(about.find(check).result).toBe(result);
    // What the first answer doesn't allow is not tried.
    if (result === 'fail') expect(about.deployment.leadIds()).toEqual([]);
  });

  test('in production is the wrong API', async () => {
    const production = deploymentAt(sandbox.url, { environment: 'production' });
    const { find } = await examine(production, checksOf(contract, { write: false }));
    expect(find('client-data.environment')).toMatchObject({ result: 'fail', level: 'must' });
  });
});

const clientId = 'acme';
const clientSecret = 'synthetic-secret';

const modes: readonly (readonly [SandboxAuthentication, (url: string) => Authentication, string])[] = [
  [
    { kind: 'basic', clientId, clientSecret },
    () => ({ kind: 'basic', user: clientId, password: clientSecret }),
    'refused: HTTP 401, WWW-Authenticate Basic',
  ],
  [
    { kind: 'api-key', clientId, key: 'synthetic-key' },
    () => ({ kind: 'api-key', header: 'X-API-Key', key: 'synthetic-key' }),
    'refused: HTTP 401',
  ],
  [
    { kind: 'oauth2', clientId, clientSecret },
    (url) => ({ kind: 'oauth2', tokenUrl: `${url}/oauth/token`, clientId, clientSecret }),
    'refused: HTTP 401, WWW-Authenticate Bearer',
  ],
];

describe.each(modes)('our sandbox with a login, %j', (authentication, right, refusal) => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox({ databaseUrl: database.url, port: 0, authentication });
  });

  afterAll(() => sandbox.close());

  test('lets us in and nobody else', async () => {
    const examined = await examine(deploymentAt(sandbox.url, { auth: right(sandbox.url) }));
    expect(examined.unfit('must', 'should', 'seen')).toEqual([]);
    expect(examined.find('authentication.required').got).toContain(refusal);
  });

  test('does not let us in without credentials, and nothing else is tried', async () => {
    const examined = await examine(deploymentAt(sandbox.url));
    expect(examined.find('authentication.accepted')).toMatchObject({
      result: 'fail',
      got: 'HTTP 401, credentials not accepted',
      set: expect.stringContaining('LEADS_API_AUTH'),
    });
    expect(examined.deployment.exchanges).toHaveLength(1);
  });
});

test('a token endpoint that knows no such client is found out before any call', async () => {
  const authentication = { kind: 'oauth2', clientId, clientSecret } as const;
  const sandbox = await startSandbox({ databaseUrl: database.url, port: 0, authentication });
  const tokenUrl = `${sandbox.url}/oauth/token`;
  const auth = { kind: 'oauth2', tokenUrl, clientId, clientSecret: 'another' } as const;
  const examined = await examine(deploymentAt(sandbox.url, { auth }));
  await sandbox.close();
  expect(examined.find('authentication.token')).toMatchObject({
    result: 'fail',
    got: 'HTTP 401, without a token',
    set: expect.stringContaining('LEADS_API_CLIENT_ID'),
  });
  expect(examined.deployment.exchanges).toEqual([]);
});
