import { createServer as createPlain } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { checksOf } from '../../src/conformance/checks.ts';
import type { DeploymentOptions } from '../../src/conformance/deployment.ts';
import { selfSigned } from '../adapters/leads-api/self-signed.ts';
import { contract, deploymentAt, examine } from './a-deployment.ts';
import type { Examined } from './a-deployment.ts';
import { startStrangeApi } from './strange-api.ts';
import type { Said } from './strange-api.ts';

type Strange = Parameters<typeof startStrangeApi>[0];

async function examineStrange(strange: Strange, options: Partial<DeploymentOptions> = {}): Promise<Examined> {
  const api = await startStrangeApi(strange);
  try {
    return await examine(deploymentAt(api.url, options));
  } finally {
    await api.close();
  }
}

/** The same answer with another body. */
const withBody = (said: Said, changes: Record<string, unknown>): Said => ({
  ...said,
  body: { ...(said.body as object), ...changes },
});

const isOk = ({ status = 200 }: Said) => status === 200;

test('a deployment that shares nothing with ours and does as specified has nothing against it', async () => {
  const examined = await examineStrange(() => null);
  expect(examined.unfit('must', 'should')).toEqual([]);
});

test('401 for every call: credentials, and nothing else is tried', async () => {
  const examined = await examineStrange(() => ({ status: 401, body: { message: 'Unauthorized' } }));
  expect(examined.find('authentication.accepted')).toMatchObject({
    result: 'fail',
    level: 'must',
    got: 'HTTP 401, credentials not accepted',
  });
  expect(examined.deployment.exchanges).toHaveLength(1);
  expect(examined.findings.slice(-1)).toMatchObject([
    { result: 'skipped', got: 'not run: authentication.accepted has to pass first', calls: 0 },
  ]);
});

test('a server that wants a certificate of ours is found out before a call is made', async () => {
  const asks = { ...selfSigned, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' } as const;
  const server = createServer(asks, (_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const examined = await examine(deploymentAt(`https://localhost:${port}`, { tls: { ca: selfSigned.cert } }));
  await new Promise((resolve) => server.close(resolve));
  expect(examined.find('reachability.trusted')).toMatchObject({
    result: 'fail',
    got: expect.stringContaining('CERTIFICATE_REQUIRED'),
    set: 'LEADS_API_TLS_CERT and _KEY, if the API asks for ours',
  });
  expect(examined.deployment.exchanges).toEqual([]);
});

test('errors in HTML: refused all the same, and not recognised', async () => {
  const examined = await examineStrange((_asked, legal) =>
    isOk(legal) ? null : { status: 400, html: '<h1>Bad Request</h1>' },
  );
  expect(examined.find('alta-lead.without-name')).toMatchObject({
    result: 'pass',
    got: 'HTTP 400, not recognised [text/html]',
  });
  expect(examined.unfit('must', 'should')).toEqual([
    'client-data.refusal-recognised',
    'alta-lead.refusal-recognised',
    'update-lead.refusal-recognised',
  ]);
  expect(examined.find('alta-lead.refusal-recognised').set).toContain('such a row ends in doubt');
  expect(examined.find('alta-lead.refusal-shape').got).toBe('HTTP 400 text/html; no JSON object');
});

test('no leadId in the answer to a create: leadsync can not work, and no update is tried', async () => {
  const examined = await examineStrange(({ path }, legal) =>
    path === '/alta-lead' && isOk(legal) ? withBody(legal, { leadId: undefined }) : null,
  );
  expect(examined.find('alta-lead.created')).toMatchObject({ result: 'fail', level: 'must' });
  expect(examined.deployment.exchanges.filter(({ endpoint }) => endpoint !== 'clientData')).toHaveLength(1);
});

test('partnerManage as text: seen, and read', async () => {
  const examined = await examineStrange(({ path }, legal) =>
    path === '/client-data' && isOk(legal) ? withBody(legal, { partnerManage: 'true', agentId: 51_245 }) : null,
  );
  expect(examined.unfit('must', 'should')).toEqual([]);
  const { got, set } = examined.find('client-data.types');
  expect(got).toContain('agentId number');
  expect(got).toContain('partnerManage text');
  expect(set).toContain('all read');
});

test('fields that are missing from an answer are named', async () => {
  const examined = await examineStrange(({ path }, legal) =>
    path === '/client-data' && isOk(legal) ? withBody(legal, { nif: undefined, message: null }) : null,
  );
  expect(examined.unfit('must', 'should')).toEqual(['client-data.documented-fields']);
  expect(examined.find('client-data.documented-fields').got).toBe('without message, nif');
});

test('limits of agenteId that nobody keeps: the lead is there, and the report says so', async () => {
  const examined = await examineStrange(({ path, body }, legal) => {
    const isAgentAlone = (legal.body as { message?: string } | undefined)?.message === 'wrong: agenteId';
    return path === '/alta-lead' && isAgentAlone && body['agenteId'] !== undefined
      ? { body: { leadId: `A${body['agenteId'] as string}`, idLanding: 'L', message: 'OK' } }
      : null;
  });
  expect(examined.unfit('must', 'should')).toEqual(['alta-lead.agent-of-6-digits', 'limits.agenteId']);
  expect(examined.find('limits.agenteId').got).toBe('HTTP 200, lead A00051245: taken, and a lead created');
  expect(examined.deployment.leadIds()).toContain('A051245');
});

test('a limit in bytes: names with accents are refused before their limit', async () => {
  const examined = await examineStrange(({ path, body }) =>
    path === '/alta-lead' && Buffer.byteLength(String(body['name'])) > 50
      ? { status: 400, body: { message: 'name: value too large' } }
      : null,
  );
  expect(examined.unfit('must', 'should')).toEqual(['limits.in-characters']);
});

test('KO with HTTP 200 and no leadId: refusals that are recognised', async () => {
  const examined = await examineStrange((_asked, legal) =>
    isOk(legal) ? null : { body: { status: 'KO', ...(legal.body as object) } },
  );
  expect(examined.unfit('must', 'should')).toEqual([]);
  expect(examined.find('alta-lead.refusal-shape').got).toBe(
    'HTTP 200 application/json; keys message, status; message is text',
  );
});

test('one wrong field named at a time', async () => {
  const examined = await examineStrange((_asked, legal) => {
    const message = (legal.body as { message?: string } | undefined)?.message;
    return isOk(legal) || message === undefined ? null : { ...legal, body: { message: message.split(',')[0] } };
  });
  expect(examined.find('alta-lead.names-all-wrong').got).toMatch(/^names 1 of 4: /);
  expect(examined.find('limits.all-over-at-once').got).toMatch(/^names 1 of 12: /);
});

test('a gateway that answers a wrong path like a refusal: a wrong setting would reject every row', async () => {
  const examined = await examineStrange(({ path }) =>
    path.endsWith('no-such-path') ? { status: 404, body: { message: 'no Route matched with those values' } } : null,
  );
  const { got, set } = examined.find('client-data.unknown-path');
  expect(got).toMatch(/^NOT told: HTTP 404, refused/);
  expect(set).toContain('reject every row');
});

test.each([
  [
    'an Idempotency-Key that is honoured',
    'same-idempotency-key',
    'one lead: ',
    'LEADS_API_RETRY_AMBIGUOUS=true is safe',
    (key: string | undefined) => key,
  ],
  [
    'a partnerLeadId that is remembered',
    'same-partner-lead-id',
    'one lead: ',
    'LEADS_API_RETRY_AMBIGUOUS=true is safe',
    (_key: string | undefined, partnerLeadId: unknown) => partnerLeadId as string | undefined,
  ],
] as const)('%s', async (_name, check, got, set, rememberedBy) => {
  const memory = new Map<string, Said>();
  const examined = await examineStrange(({ path, headers, body }, legal) => {
    const key = rememberedBy(headers['idempotency-key'] as string | undefined, body['partnerLeadId']);
    if (path !== '/alta-lead' || !isOk(legal) || key === undefined) return null;
    if (!memory.has(key)) memory.set(key, legal);
    return memory.get(key) ?? null;
  });
  expect(examined.unfit('must', 'should')).toEqual([]);
  const both = ['same-idempotency-key', 'same-partner-lead-id'];
  for (const one of both) {
    const finding = examined.find(`repeated-create.${one}`);
    if (one === check) expect(finding).toMatchObject({ got: expect.stringContaining(got) });
    else expect(finding.got).toMatch(/^TWO leads/);
    if (one === check) expect(finding.set).toContain(set);
  }
});

test('a repeat that is turned away is not taken for a lead', async () => {
  const seen = new Set<unknown>();
  const examined = await examineStrange(({ path, body }) => {
    const id = body['partnerLeadId'];
    if (path !== '/alta-lead' || id === undefined) return null;
    if (seen.has(id)) return { status: 409, body: { message: 'exists' } };
    seen.add(id);
    return null;
  });
  const { got, set } = examined.find('repeated-create.same-partner-lead-id');
  expect(got).toMatch(/^the second is turned away: HTTP 409/);
  expect(set).toContain('stays in doubt');
});

test('one lead for everything that a person asks for', async () => {
  const examined = await examineStrange(({ path }, legal) =>
    path === '/alta-lead' && isOk(legal) ? withBody(legal, { leadId: '1' }) : null,
  );
  expect(examined.unfit('must', 'should')).toEqual(['repeated-create.distinct-leads']);
  expect(examined.find('repeated-create.distinct-leads').set).toContain('API_LEAD_ID_TAKEN');
});

test('a limit of the rate is waited for, and reported', async () => {
  const examined = await examineStrange(
    ({ nth }) =>
      nth === 2 || nth === 9
        ? { status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '0', 'x-ratelimit-limit': '5' } }
        : null,
    { ratePerSecond: 2_000 },
  );
  expect(examined.unfit('must', 'should')).toEqual([]);
  expect(examined.find('latency.rate-limit')).toMatchObject({
    got: 'asked to come back later 2 × (HTTP 429); x-ratelimit-limit: 5',
    set: 'LEADS_API_RATE_PER_SECOND: less than 2000',
  });
});

test('an API that never lets up is asked three times more, not for ever', async () => {
  let calls = 0;
  const examined = await examineStrange(() => {
    calls += 1;
    return { status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '0' } };
  });
  expect(examined.find('client-data.answered')).toMatchObject({
    result: 'fail',
    got: 'HTTP 429, asked to come back later',
  });
  expect(calls).toBeLessThan(10);
});

test('a redirect names LEADS_API_URL', async () => {
  const examined = await examineStrange(() => ({
    status: 308,
    body: {},
    headers: { location: 'http://127.0.0.1:9/' },
  }));
  expect(examined.find('client-data.answered')).toMatchObject({
    result: 'fail',
    set: expect.stringContaining('LEADS_API_URL'),
  });
});

test('a server that closes each connection is seen', async () => {
  const examined = await examineStrange((_asked, legal) => ({ ...legal, headers: { connection: 'close' } }));
  const [, calls, connections] =
    /^(\d+) calls over (\d+) connections/.exec(examined.find('latency.keep-alive').got) ?? [];
  expect(calls).toBe(connections);
});

test('an answer that never comes is a timeout', async () => {
  const api = await startStrangeApi(
    () => null,
    (listener) =>
      createPlain((request, response) => {
        if (request.url !== '/client-data') listener(request, response);
      }),
  );
  const examined = await examine(deploymentAt(api.url, { timeoutMs: 1_000 }));
  await api.close();
  expect(examined.find('authentication.accepted')).toMatchObject({
    result: 'fail',
    got: 'no answer (TimeoutError)',
    set: expect.stringContaining('LEADS_API_TIMEOUT_MS'),
  });
});

test('a port where nobody listens', async () => {
  const api = await startStrangeApi(() => null);
  await api.close();
  const examined = await examine(deploymentAt(api.url));
  expect(examined.find('reachability.connects')).toMatchObject({ result: 'fail', got: 'ECONNREFUSED' });
  expect(examined.deployment.exchanges).toEqual([]);
});

test('a name that there is not', async () => {
  const examined = await examine(deploymentAt('https://leads.invalid'));
  const { result, got } = examined.find('reachability.name');
  expect([result, /^(ENOTFOUND|EAI_AGAIN)$/.test(got)]).toEqual(['fail', true]);
});

test('a certificate that nobody trusts names LEADS_API_TLS_CA, and with it is trusted', async () => {
  const api = await startStrangeApi(
    () => null,
    (listener) => createServer(selfSigned, listener),
  );
  const harmless = checksOf(contract, { write: false });
  const distrusted = await examine(deploymentAt(api.url), harmless);
  const trusted = await examine(deploymentAt(api.url, { tls: { ca: selfSigned.cert } }), harmless);
  await api.close();
  expect(distrusted.find('reachability.trusted')).toMatchObject({
    result: 'fail',
    got: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    set: expect.stringContaining('LEADS_API_TLS_CA'),
  });
  expect(distrusted.deployment.exchanges).toEqual([]);
  expect(trusted.unfit('must', 'should')).toEqual([]);
  expect(trusted.find('reachability.protocol').got).toMatch(/^TLSv1\.3, /);
  expect(trusted.find('reachability.certificate').got).toMatch(/^localhost, by localhost, until 2126-10-30 /);
});

test('nothing personal is in a finding, whatever the API answers', async () => {
  const person = 'nadie: 12345601Y nadie@example.com 612 345 678';
  const examined = await examineStrange(({ body }, legal) => {
    if (body['leadOrigin'] === '99') return { status: 400, body: { message: person, '12345601Y': person } };
    return legal.body === undefined
      ? null
      : withBody(legal, isOk(legal) ? { '12345601Y': { name: person } } : { message: `no: ${person}` });
  });
  const told = JSON.stringify(examined.findings);
  expect(told).not.toMatch(/12345601Y|nadie@|612 345 678/);
  expect(examined.find('alta-lead.unknown-origin').got).toBe(
    'not taken: HTTP 400, refused: “nadie:[NIF] [e-mail] [number]”',
  );
  expect(examined.find('alta-lead.types').got).toContain('[NIF] object (not documented)');
});
