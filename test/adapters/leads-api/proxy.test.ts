import { createSecureServer } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { LeadsApi } from '../../../src/app/ports/leads-api.ts';
import { apiAt, call, lead } from './api-under-test.ts';
import { startProxy, tunnel } from './proxy-under-test.ts';
import type { ProxyUnderTest } from './proxy-under-test.ts';
import { json, startRawServer } from './raw-server.ts';
import type { RawServer } from './raw-server.ts';
import { selfSigned } from './self-signed.ts';
import { ofAnotherHost } from './strange-certificates.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function proxied(...parameters: Parameters<typeof startProxy>): Promise<ProxyUnderTest> {
  const proxy = await startProxy(...parameters);
  opened.push(proxy);
  return proxy;
}

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

const leadsOverTls = () =>
  served((socket) => socket.write(json({ leadId: '1' })), { server: createTlsServer(selfSigned) });
const notSent = { kind: 'not_sent', code: 'API_NOT_SENT', withheld: false };
const inDoubt = { kind: 'ambiguous', code: 'API_NO_ANSWER' };
const ca = selfSigned.cert;

test('carries a call through a tunnel, and the proxy sees neither the lead nor our credentials for the API', async () => {
  const server = await leadsOverTls();
  const proxy = await proxied((socket) => tunnel(socket, server.url));
  const auth = { kind: 'api-key', header: 'X-Api-Key', key: 'secret' } as const;
  const client = api(server.url, { ca, auth, proxy: proxy.url.replace('://', '://ana:p%40ss@') });
  expect((await client.createLead(lead, call())).outcome).toMatchObject({ kind: 'answered' });
  expect(proxy.asked[0]).toMatch(/^CONNECT 127\.0\.0\.1:\d+ HTTP\/1\.1\r\n/);
  expect(proxy.asked[0]).toMatch(new RegExp(`^proxy-authorization: Basic ${btoa('ana:p@ss')}\r$`, 'm'));
  expect(proxy.outside()).not.toMatch(/secret|Ana|12345678Z|alta-lead/);
  expect(server.requests[0]).toMatch(/^POST \/alta-lead HTTP\/1\.1/);
  expect(server.requests[0]).not.toMatch(/proxy-authorization/i);
});

test('tunnels http as well: a proxy that forwards could send a request twice', async () => {
  const server = await served((socket) => socket.write(json({ leadId: '1' })));
  const proxy = await proxied((socket) => tunnel(socket, server.url));
  expect((await api(server.url, { proxy: proxy.url }).createLead(lead, call())).outcome.kind).toBe('answered');
  expect(proxy.asked[0]).toMatch(/^CONNECT /);
});

test('opens one tunnel for calls that follow each other', async () => {
  const server = await leadsOverTls();
  const proxy = await proxied((socket) => tunnel(socket, server.url));
  const client = api(server.url, { ca, proxy: proxy.url, connections: 1 });
  for (let n = 0; n < 3; n += 1) await client.createLead(lead, call());
  expect([proxy.asked.length, server.requests.length]).toEqual([1, 3]);
});

test('does not go past the proxy to the API or to the token endpoint', async () => {
  const server = await leadsOverTls();
  const tokens = await served((socket) => socket.write(json({ access_token: 't', expires_in: 3_600 })));
  const gone = await startProxy(() => {});
  await gone.close();
  const auth = { kind: 'oauth2', tokenUrl: `${tokens.url}/token`, clientId: 'id', clientSecret: 's' } as const;
  expect((await api(server.url, { ca, auth, proxy: gone.url }).createLead(lead, call())).outcome).toEqual(notSent);
  expect((await api(server.url, { ca, proxy: gone.url }).createLead(lead, call())).outcome).toEqual(notSent);
  expect([server.connections(), tokens.connections()]).toEqual([0, 0]);
});

test('does not speak HTTP/2 through a tunnel', async () => {
  const server = createSecureServer({ ...selfSigned, allowHTTP1: true }, (request, response) => {
    response.end(JSON.stringify({ leadId: '1', message: request.httpVersion }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const proxy = await proxied((socket) => tunnel(socket, url));
  const client = apiAt(url, { ca, proxy: proxy.url });
  expect((await client.createLead(lead, call())).outcome).toMatchObject({ answer: { message: '1.1' } });
  await client.close();
  server.close();
});

describe('is not sent, and the API sees nothing, when the proxy', () => {
  test.each([
    ['refuses CONNECT with 502', 'HTTP/1.1 502 Bad Gateway\r\n\r\n'],
    ['refuses CONNECT with 503 and a page', 'HTTP/1.1 503 No\r\ncontent-length: 5\r\n\r\nsorry'],
    ['refuses CONNECT as a method', 'HTTP/1.1 405 No\r\ncontent-length: 0\r\n\r\n'],
    ['redirects', 'HTTP/1.1 302 Found\r\nlocation: http://login.example/\r\ncontent-length: 0\r\n\r\n'],
    ['says 200 without TLS behind it', 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n'],
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n\r\n'],
  ])('%s', async (_name, text) => {
    const server = await leadsOverTls();
    const proxy = await proxied((socket) => socket.end(text));
    const { outcome, evidence } = await api(server.url, { ca, proxy: proxy.url }).createLead(lead, call());
    expect({ outcome, evidence }).toEqual({ outcome: notSent, evidence: 'never_written' });
    expect(server.connections()).toBe(0);
  });

  test.each([
    ['resets the connection', (socket: { resetAndDestroy(): void }) => socket.resetAndDestroy()],
    ['ends the connection', (socket: { end(): void }) => socket.end()],
  ])('%s', async (_name, behave) => {
    const proxy = await proxied(behave);
    const { outcome, evidence } = await api('https://api.example', { proxy: proxy.url }).createLead(lead, call());
    expect({ outcome, evidence }).toEqual({ outcome: notSent, evidence: 'never_written' });
  });

  test.each([
    ['never answers CONNECT', () => {}],
    ['opens a tunnel to nowhere', (socket: { write(text: string): void }) => socket.write('HTTP/1.1 200 OK\r\n\r\n')],
  ])('%s, and the connection becomes free again', async (_name, stall) => {
    const server = await leadsOverTls();
    const proxy = await proxied((socket, _head, nth) => (nth === 1 ? stall(socket) : tunnel(socket, server.url)));
    const client = api(server.url, { ca, proxy: proxy.url, timeoutMs: 1_500, connections: 1 });
    const { outcome, evidence } = await client.createLead(lead, call());
    expect({ outcome, evidence }).toEqual({ outcome: notSent, evidence: 'never_written' });
    expect(server.requests).toEqual([]);
    let last = outcome;
    for (let n = 0; n < 4 && last.kind !== 'answered'; n += 1) last = (await client.createLead(lead, call())).outcome;
    expect(last).toMatchObject({ kind: 'answered' });
  });
});

test.each([401, 403, 407])(
  'halts when the proxy answers CONNECT with %d, without a status of the API',
  async (status) => {
    const server = await leadsOverTls();
    const proxy = await proxied((socket) => socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`));
    expect(await api(server.url, { ca, proxy: proxy.url }).createLead(lead, call())).toEqual({
      outcome: { kind: 'halted', code: 'API_HALTED_CREDENTIALS' },
      evidence: 'never_written',
      httpStatus: null,
    });
    expect(server.connections()).toBe(0);
  },
);

test.each([407, 502])('tells every call that waited for a tunnel refused with %d', async (status) => {
  const server = await leadsOverTls();
  const proxy = await proxied((socket) => socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`));
  const client = api(server.url, { ca, proxy: proxy.url, connections: 2 });
  const results = await Promise.all(Array.from({ length: 6 }, () => client.createLead(lead, call())));
  expect(new Set(results.map(({ outcome }) => outcome.kind))).toEqual(
    new Set([status === 407 ? 'halted' : 'not_sent']),
  );
});

describe('when the proxy takes 1.5 s to open the tunnel', () => {
  const slowly = (url: string) =>
    proxied((socket) => {
      void pause(1_500).then(() => tunnel(socket, url));
    });

  test('the call goes through', async () => {
    const server = await leadsOverTls();
    const proxy = await slowly(server.url);
    const { outcome } = await api(server.url, { ca, proxy: proxy.url }).createLead(lead, call());
    expect(outcome).toMatchObject({ kind: 'answered' });
  });

  test('permission is asked after the tunnel is open, and a budget that is spent by then writes nothing', async () => {
    const server = await leadsOverTls();
    const proxy = await slowly(server.url);
    const from = performance.now();
    const { outcome } = await api(server.url, { ca, proxy: proxy.url }).createLead(
      lead,
      call({ maySend: () => performance.now() - from < 1_000 }),
    );
    expect(outcome).toMatchObject({ kind: 'not_sent', withheld: true });
    expect(server.requests).toEqual([]);
  });
});

describe('a certificate', () => {
  test('of the API that is not trusted halts through the tunnel too', async () => {
    const server = await leadsOverTls();
    const proxy = await proxied((socket) => tunnel(socket, server.url));
    const { outcome } = await api(server.url, { proxy: proxy.url }).createLead(lead, call());
    expect(outcome).toEqual({ kind: 'halted', code: 'API_HALTED_CERTIFICATE' });
    expect(server.requests).toEqual([]);
  });

  test('of ours that the API wants and does not get halts through the tunnel too, with nothing written', async () => {
    const asks = { ...selfSigned, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' } as const;
    const server = await served(() => {}, { server: createTlsServer(asks) });
    const proxy = await proxied((socket) => tunnel(socket, server.url));
    const { outcome, evidence } = await api(server.url, { ca, proxy: proxy.url }).createLead(lead, call());
    expect({ outcome, evidence }).toEqual({
      outcome: { kind: 'halted', code: 'API_HALTED_CERTIFICATE' },
      evidence: 'never_written',
    });
    expect(server.requests).toEqual([]);
  });

  test('of another host than the API halts, once for each call', async () => {
    const server = await served(() => {}, { server: createTlsServer(ofAnotherHost) });
    const proxy = await proxied((socket) => tunnel(socket, server.url));
    const client = api(server.url, { ca: ofAnotherHost.cert, proxy: proxy.url, timeoutMs: 2_000 });
    expect((await client.createLead(lead, call())).outcome).toEqual({ kind: 'halted', code: 'API_HALTED_CERTIFICATE' });
    expect(proxy.asked).toHaveLength(1);
  });

  test.each([
    ['that is not trusted', selfSigned, undefined],
    ['of another host', ofAnotherHost, ofAnotherHost.cert],
  ])('of an https proxy %s halts', async (_name, credentials, trusted) => {
    const proxy = await proxied(() => {}, createTlsServer(credentials));
    const options = { proxy: proxy.url, timeoutMs: 2_000, ...(trusted === undefined ? {} : { ca: trusted }) };
    const { outcome } = await api('https://api.example', options).createLead(lead, call());
    expect(outcome).toEqual({ kind: 'halted', code: 'API_HALTED_CERTIFICATE' });
    expect(proxy.asked).toEqual([]);
  });

  test.each(['localhost', '127.0.0.1'])('of an https proxy at %s that is trusted carries the call', async (host) => {
    const server = await leadsOverTls();
    const proxy = await proxied((socket) => tunnel(socket, server.url), createTlsServer(selfSigned));
    const client = api(server.url, { ca, proxy: proxy.url.replace('localhost', host) });
    expect((await client.createLead(lead, call())).outcome).toMatchObject({ kind: 'answered' });
  });

  test('of another host than the address of an https proxy halts', async () => {
    const proxy = await proxied(() => {}, createTlsServer(ofAnotherHost));
    const options = { ca: ofAnotherHost.cert, proxy: proxy.url.replace('localhost', '127.0.0.1'), timeoutMs: 2_000 };
    const { outcome } = await api('https://api.example', options).createLead(lead, call());
    expect(outcome).toEqual({ kind: 'halted', code: 'API_HALTED_CERTIFICATE' });
    expect(proxy.asked).toEqual([]);
  });
});

test('is in doubt when the tunnel breaks after the request, and does not send it again', async () => {
  const server = await served((socket) => socket.destroy(), { server: createTlsServer(selfSigned) });
  const proxy = await proxied((socket) => tunnel(socket, server.url));
  const { outcome, evidence } = await api(server.url, { ca, proxy: proxy.url }).createLead(lead, call());
  expect({ outcome, evidence }).toEqual({ outcome: inDoubt, evidence: 'maybe_written' });
  expect(server.requests).toHaveLength(1);
});

test('a call that is stopped while the tunnel opens is not sent, and never later', async () => {
  const server = await leadsOverTls();
  const asked = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  const proxy = await proxied((socket) => {
    asked.resolve();
    void open.promise.then(() => tunnel(socket, server.url));
  });
  const client = api(server.url, { ca, proxy: proxy.url, connections: 1 });
  const stop = new AbortController();
  const stopped = client.createLead({ ...lead, partnerLeadId: 'stopped' }, call({ signal: stop.signal }));
  const next = client.createLead(lead, call());
  await asked.promise;
  stop.abort();
  expect(await stopped).toMatchObject({ outcome: { kind: 'not_sent', withheld: true }, evidence: 'never_written' });
  open.resolve();
  expect((await next).outcome).toMatchObject({ kind: 'answered' });
  expect(server.requests).toHaveLength(1);
  expect(server.requests.join()).not.toContain('stopped');
});

test('200 calls through tunnels that break here and there: what is called not sent never arrived', async () => {
  const server = await served((socket, _request, nth) => {
    if (nth % 7 === 0) socket.resetAndDestroy();
    else socket.write(json({ leadId: String(nth) }));
  });
  const proxy = await proxied((socket, _head, nth) => {
    if (nth % 5 === 0) socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    else if (nth % 3 === 0) socket.resetAndDestroy();
    else tunnel(socket, server.url);
  });
  const client = api(server.url, { proxy: proxy.url, connections: 8 });
  const made = Array.from({ length: 200 }, () => call());
  const results = await Promise.all(made.map((one) => client.createLead(lead, one)));
  const arrived = server.requests.map((request) => /x-request-id: (\S+)/i.exec(request)?.[1]);
  expect(new Set(arrived).size).toBe(arrived.length);
  for (const [index, { evidence }] of results.entries()) {
    expect(arrived.includes(made[index]?.attemptId)).toBe(evidence !== 'never_written');
  }
  expect(new Set(results.map(({ outcome }) => outcome.kind)).size).toBe(3);
});
