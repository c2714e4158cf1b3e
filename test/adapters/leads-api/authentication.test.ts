import { createServer } from 'node:tls';
import { afterEach, expect, test, vi } from 'vitest';
import type { LeadsApi } from '../../../src/app/ports/leads-api.ts';
import type { ClientCredentials } from '../../../src/adapters/leads-api/oauth2-token.ts';
import { apiAt, call, lead } from './api-under-test.ts';
import { answer, json, startRawServer } from './raw-server.ts';
import type { RawServer } from './raw-server.ts';
import { selfSigned } from './self-signed.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  vi.useRealTimers();
  for (const one of opened.splice(0)) await one.close();
});

async function served(...parameters: Parameters<typeof startRawServer>): Promise<RawServer> {
  const server = await startRawServer(...parameters);
  opened.push(server);
  return server;
}

function api(...parameters: Parameters<typeof apiAt>): LeadsApi {
  const created = apiAt(...parameters);
  opened.unshift(created);
  return created;
}

const leads = () => served((socket) => socket.write(json({ leadId: '1' })));
const oauth2 = (tokens: RawServer, part: Partial<ClientCredentials> = {}) =>
  ({
    auth: { kind: 'oauth2', tokenUrl: `${tokens.url}/token`, clientId: 'id', clientSecret: 's:c', ...part },
  }) as const;

const authorizationOf = (request: string | undefined) => /^authorization: (.*)$/im.exec(request ?? '')?.[1]?.trim();

test('shows a user and a password', async () => {
  const server = await leads();
  await api(server.url, { auth: { kind: 'basic', user: 'ana', password: 'p:w' } }).createLead(lead, call());
  expect(authorizationOf(server.requests[0])).toBe(`Basic ${btoa('ana:p:w')}`);
});

test('shows a key in the header that is configured', async () => {
  const server = await leads();
  await api(server.url, { auth: { kind: 'api-key', header: 'X-Api-Key', key: 'k1' } }).createLead(lead, call());
  expect(server.requests[0]).toMatch(/^x-api-key: k1\r$/m);
});

test('fetches one token for 50 calls at once', async () => {
  const server = await leads();
  const tokens = await served((socket) => socket.write(json({ access_token: 't1', expires_in: '3600' })));
  const client = api(server.url, oauth2(tokens, { scope: 'leads', audience: 'api', params: { tenant: 'x' } }));
  const results = await Promise.all(Array.from({ length: 50 }, () => client.createLead(lead, call())));
  expect(results.every(({ outcome }) => outcome.kind === 'answered')).toBe(true);
  expect(tokens.requests).toHaveLength(1);
  expect(authorizationOf(tokens.requests[0])).toBe(`Basic ${btoa('id:s%3Ac')}`);
  expect(tokens.requests[0]).toMatch(/grant_type=client_credentials&scope=leads&audience=api&tenant=x$/);
  expect(new Set(server.requests.map(authorizationOf))).toEqual(new Set(['Bearer t1']));
});

test('puts the credentials into the body where the server wants them there', async () => {
  const server = await leads();
  const tokens = await served((socket) => socket.write(json({ access_token: 't1', expires_in: 3_600 })));
  await api(server.url, oauth2(tokens, { credentials: 'body' })).createLead(lead, call());
  expect(authorizationOf(tokens.requests[0])).toBeUndefined();
  expect(tokens.requests[0]).toMatch(/client_id=id&client_secret=s%3Ac$/);
});

test('fetches a new token after a 401, which halts', async () => {
  const server = await served((socket, _request, nth) =>
    socket.write(nth === 1 ? answer(401, '') : json({ leadId: '1' })),
  );
  const tokens = await served((socket, _request, nth) =>
    socket.write(json({ access_token: `t${nth}`, expires_in: 3_600 })),
  );
  const client = api(server.url, oauth2(tokens));
  expect((await client.createLead(lead, call())).outcome).toEqual({ kind: 'halted', code: 'API_HALTED_CREDENTIALS' });
  expect((await client.createLead(lead, call())).outcome).toMatchObject({ kind: 'answered' });
  expect(server.requests.map(authorizationOf)).toEqual(['Bearer t1', 'Bearer t2']);
});

test('keeps the new token when a late 401 speaks of the old one', async () => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const server = await served((socket, _request, nth) => {
    if (nth === 2) arrived.resolve();
    if (nth === 2) void release.promise.then(() => socket.write(answer(401, '')));
    else socket.write(nth === 1 ? answer(401, '') : json({ leadId: '1' }));
  });
  const tokens = await served((socket, _request, nth) =>
    socket.write(json({ access_token: `t${nth}`, expires_in: 3_600 })),
  );
  const client = api(server.url, oauth2(tokens));
  const early = [client.createLead(lead, call()), client.createLead(lead, call())];
  await Promise.race(early);
  await arrived.promise;
  await client.createLead(lead, call());
  release.resolve();
  await Promise.all(early);
  await client.createLead(lead, call());
  expect(server.requests.map(authorizationOf)).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2', 'Bearer t2']);
});

test('fetches a new token a minute before the old one ends', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const server = await leads();
  const tokens = await served((socket) => socket.write(json({ access_token: 't', expires_in: 3_600 })));
  const client = api(server.url, oauth2(tokens));
  await client.createLead(lead, call());
  vi.advanceTimersByTime(3_539_000);
  await client.createLead(lead, call());
  expect(tokens.requests).toHaveLength(1);
  vi.advanceTimersByTime(2_000);
  await client.createLead(lead, call());
  expect(tokens.requests).toHaveLength(2);
});

test.each([400, 401, 403])('halts when the token endpoint says %d, and sends nothing', async (status) => {
  const server = await leads();
  const tokens = await served((socket) => socket.write(json({ error: 'invalid_client' }, status)));
  expect(await api(server.url, oauth2(tokens)).createLead(lead, call())).toEqual({
    outcome: { kind: 'halted', code: 'API_HALTED_CREDENTIALS' },
    evidence: 'never_written',
    httpStatus: null,
  });
  expect(server.bytesSeen()).toBe(0);
});

test.each([
  ['is down', answer(503, '')],
  ['grants nothing', json({ token_type: 'bearer' })],
  ['redirects', answer(302, '', { location: '/login' })],
])('does not send when the token endpoint %s, and asks it again for the next call', async (_name, text) => {
  const server = await leads();
  const tokens = await served((socket, _request, nth) =>
    socket.write(nth === 1 ? text : json({ access_token: 't2', expires_in: 3_600 })),
  );
  const client = api(server.url, oauth2(tokens));
  expect((await client.createLead(lead, call())).outcome).toEqual({
    kind: 'not_sent',
    code: 'API_NOT_SENT',
    withheld: false,
  });
  expect((await client.createLead(lead, call())).outcome).toMatchObject({ kind: 'answered' });
});

test('halts when the certificate of the token endpoint is not trusted', async () => {
  const server = await leads();
  const tokens = await served(() => {}, { server: createServer(selfSigned) });
  expect((await api(server.url, oauth2(tokens)).createLead(lead, call())).outcome).toEqual({
    kind: 'halted',
    code: 'API_HALTED_CERTIFICATE',
  });
});

test('a call that is stopped does not wait for a token', async () => {
  const server = await leads();
  const asked = Promise.withResolvers<void>();
  const tokens = await served((socket, _request, nth) => {
    if (nth === 1) asked.resolve();
    else socket.write(json({ access_token: 't', expires_in: 60 }));
  });
  const stop = new AbortController();
  const pending = api(server.url, { ...oauth2(tokens), timeoutMs: 500 }).createLead(
    lead,
    call({ signal: stop.signal }),
  );
  await asked.promise;
  stop.abort();
  expect((await pending).outcome).toEqual({ kind: 'not_sent', code: 'API_NOT_SENT', withheld: true });
});
