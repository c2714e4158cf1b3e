import { createSecureServer } from 'node:http2';
import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import type { LeadsApi } from '../../../src/app/ports/leads-api.ts';
import { apiAt, call, lead } from './api-under-test.ts';
import { answer, json, startRawServer } from './raw-server.ts';
import type { RawServer } from './raw-server.ts';
import { selfSigned } from './self-signed.ts';
import { ofAnotherHost } from './strange-certificates.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
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

const notSent = { kind: 'not_sent', code: 'API_NOT_SENT', withheld: false };
const inDoubt = { kind: 'ambiguous', code: 'API_NO_ANSWER' };

test('a refused connection is not sent', async () => {
  const gone = await startRawServer(() => {});
  await gone.close();
  expect(await api(gone.url).createLead(lead, call())).toEqual({
    outcome: notSent,
    evidence: 'never_written',
    httpStatus: null,
  });
});

test('a name that does not exist is not sent', async () => {
  const { outcome, evidence } = await api('http://nowhere.invalid').createLead(lead, call());
  expect({ outcome, evidence }).toEqual({ outcome: notSent, evidence: 'never_written' });
});

test('a server that never finishes its TLS handshake is not sent', async () => {
  const server = await served(() => {});
  const { outcome } = await api(server.url.replace('http:', 'https:'), { timeoutMs: 300 }).createLead(lead, call());
  expect(outcome).toEqual(notSent);
});

test('a certificate that is not trusted halts, and nothing is written', async () => {
  const server = await served(() => {}, { server: createTlsServer(selfSigned) });
  const { outcome, evidence } = await api(server.url).createLead(lead, call());
  expect({ outcome, evidence }).toEqual({
    outcome: { kind: 'halted', code: 'API_HALTED_CERTIFICATE' },
    evidence: 'never_written',
  });
  expect(server.requests).toEqual([]);
});

test('a certificate of the configured authority is trusted', async () => {
  const server = await served((socket) => socket.write(json({ leadId: '1' })), {
    server: createTlsServer(selfSigned),
  });
  const { outcome } = await api(server.url, { ca: selfSigned.cert }).createLead(lead, call());
  expect(outcome).toMatchObject({ kind: 'answered' });
});

describe('a server that wants to know who we are', () => {
  const asks = { ...selfSigned, ca: selfSigned.cert, requestCert: true, rejectUnauthorized: true } as const;
  const answers = (socket: { write(text: string): unknown }) => socket.write(json({ leadId: '1' }));

  test('is shown our certificate', async () => {
    const server = await served(answers, { server: createTlsServer(asks) });
    const { outcome } = await api(server.url, { ca: selfSigned.cert, ...selfSigned }).createLead(lead, call());
    expect(outcome).toMatchObject({ kind: 'answered' });
  });

  test('is told nothing when it does not trust ours', async () => {
    const server = await served(answers, { server: createTlsServer({ ...asks, maxVersion: 'TLSv1.2' }) });
    const client = api(server.url, { ...ofAnotherHost, ca: selfSigned.cert });
    const { outcome, evidence } = await client.createLead(lead, call());
    expect({ outcome, evidence }).toEqual({ outcome: notSent, evidence: 'never_written' });
    expect(server.requests).toEqual([]);
  });
});

describe.each([
  ['wants a certificate and gets none', {}, { kind: 'halted', code: 'API_HALTED_CERTIFICATE' }],
  ['hangs up on a certificate that it does not trust', ofAnotherHost, notSent],
] as const)('a server that by TLS 1.3 %s', (_, ours, expected) => {
  const asks = {
    ...selfSigned,
    ca: selfSigned.cert,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  } as const;

  test('is told nothing, whatever it is asked', async () => {
    const { url, requests } = await served(() => {}, { server: createTlsServer(asks) });
    const client = api(url, { ca: selfSigned.cert, ...ours });
    for (const called of [client.createLead(lead, call()), client.checkClient('00000001R', call())]) {
      const { outcome, evidence } = await called;
      expect({ outcome, evidence }).toEqual({ outcome: expected, evidence: 'never_written' });
    }
    expect(requests).toEqual([]);
  });
});

test('certificates are checked whatever the process is told', async () => {
  const server = await served(() => {}, { server: createTlsServer(selfSigned) });
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    const { outcome } = await api(server.url).createLead(lead, call());
    expect(outcome).toEqual({ kind: 'halted', code: 'API_HALTED_CERTIFICATE' });
  } finally {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  }
  expect(server.requests).toEqual([]);
});

test('HTTP/2 is not spoken, even to a server that offers it', async () => {
  const server = createSecureServer({ ...selfSigned, allowHTTP1: true }, (request, response) => {
    response.end(JSON.stringify({ leadId: '1', message: request.httpVersion }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = apiAt(url, { ca: selfSigned.cert });
  expect((await client.createLead(lead, call())).outcome).toMatchObject({ answer: { message: '1.1' } });
  await client.close();
  server.close();
});

test.each([
  ['resets the connection', (socket: { resetAndDestroy(): void }) => socket.resetAndDestroy()],
  ['ends the connection', (socket: { end(): void }) => socket.end()],
])('is in doubt when the server takes the request and %s', async (_name, behave) => {
  const server = await served(behave);
  const { outcome, evidence, httpStatus } = await api(server.url).createLead(lead, call());
  expect({ outcome, evidence, httpStatus }).toEqual({ outcome: inDoubt, evidence: 'maybe_written', httpStatus: null });
  expect(server.requests).toHaveLength(1);
});

test('is in doubt when the server never answers, and says so at the deadline', async () => {
  const server = await served(() => {});
  const { outcome, evidence } = await api(server.url, { timeoutMs: 200 }).createLead(lead, call());
  expect({ outcome, evidence }).toEqual({ outcome: inDoubt, evidence: 'maybe_written' });
});

test.each([
  [
    'is cut off',
    (socket: { end(text: string): void }) => socket.end(answer(200, '{"leadId":"4711', { 'content-length': '99' })),
  ],
  [
    'stops coming',
    (socket: { write(text: string): void }) => socket.write(answer(200, '{"leadId":', { 'content-length': '99' })),
  ],
  [
    'is larger than any answer',
    (socket: { write(text: string): void }) => socket.write(json({ leadId: '1', message: 'x'.repeat(300_000) })),
  ],
])('is in doubt when the body %s', async (_name, behave) => {
  const server = await served(behave);
  const { outcome, evidence, httpStatus } = await api(server.url, { timeoutMs: 300 }).createLead(lead, call());
  expect({ outcome, evidence, httpStatus }).toEqual({
    outcome: inDoubt,
    evidence: 'response_started',
    httpStatus: 200,
  });
});

test('is in doubt when the answer is no HTTP', async () => {
  const server = await served((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n\r\n'));
  expect((await api(server.url).createLead(lead, call())).outcome).toEqual(inDoubt);
});

test('is in doubt when a reused connection is reset on the next request, and does not send it again', async () => {
  const server = await served((socket, _request, nth) =>
    nth === 1 ? socket.write(json({ leadId: '1' })) : socket.resetAndDestroy(),
  );
  const client = api(server.url, { connections: 1 });
  expect((await client.createLead(lead, call())).outcome).toMatchObject({ kind: 'answered' });
  expect((await client.createLead(lead, call())).outcome).toEqual(inDoubt);
  expect([server.connections(), server.requests.length]).toEqual([1, 2]);
});

test('takes an interim answer for what it is', async () => {
  const server = await served((socket) => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'));
  const { outcome, evidence } = await api(server.url, { timeoutMs: 200 }).createLead(lead, call());
  expect({ outcome, evidence }).toEqual({ outcome: inDoubt, evidence: 'maybe_written' });
});

test('a withheld request writes nothing at all, and its neighbours go on over the same socket', async () => {
  const server = await served((socket) => socket.write(json({ leadId: '1' })));
  const client = api(server.url, { connections: 1 });
  const [first, withheld, last] = await Promise.all([
    client.createLead(lead, call()),
    client.createLead({ ...lead, partnerLeadId: 'withheld' }, call({ maySend: () => false })),
    client.createLead(lead, call()),
  ]);
  expect(withheld).toEqual({
    outcome: { kind: 'not_sent', code: 'API_NOT_SENT', withheld: true },
    evidence: 'never_written',
    httpStatus: null,
  });
  expect([first.outcome.kind, last.outcome.kind]).toEqual(['answered', 'answered']);
  expect([server.connections(), server.requests.length]).toEqual([1, 2]);
  expect(server.requests.join()).not.toContain('withheld');
});

test('a server whose only request was withheld sees no byte', async () => {
  const server = await served(() => {});
  const { outcome } = await api(server.url).createLead(lead, call({ maySend: () => false }));
  expect(outcome).toMatchObject({ kind: 'not_sent', withheld: true });
  expect(server.bytesSeen()).toBe(0);
});

test('asks for permission once a connection is there, and not before', async () => {
  const accepted = Promise.withResolvers<void>();
  const server = await served((socket) => socket.write(json({ leadId: '1' })), {
    onConnection: () => accepted.resolve(),
  });
  let asked = 0;
  const { outcome } = await api(server.url).createLead(lead, call({ maySend: () => (asked += 1) === 1 }));
  await accepted.promise;
  expect(outcome).toMatchObject({ kind: 'answered' });
  expect(asked).toBe(1);
});

test('a call that ends while it waits for a connection is not sent, at once, never later, and costs its neighbours nothing', async () => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const server = await served((socket, _request, nth) => {
    arrived.resolve();
    void (nth === 1 ? release.promise : Promise.resolve()).then(() => socket.write(json({ leadId: '1' })));
  });
  const client = api(server.url, { connections: 1 });
  const stop = new AbortController();
  const first = client.createLead(lead, call());
  const queued = client.createLead({ ...lead, partnerLeadId: 'queued' }, call({ signal: stop.signal }));
  const last = client.createLead(lead, call());
  await arrived.promise;
  stop.abort();
  // The first call is still under way.
  expect(await queued).toMatchObject({ outcome: { kind: 'not_sent', withheld: true }, evidence: 'never_written' });
  release.resolve();
  expect([(await first).outcome.kind, (await last).outcome.kind]).toEqual(['answered', 'answered']);
  expect([server.connections(), server.requests.length]).toEqual([1, 2]);
  expect(server.requests.join()).not.toContain('queued');
});

test('a call that is aborted under way is in doubt', async () => {
  const arrived = Promise.withResolvers<void>();
  const server = await served(() => arrived.resolve());
  const stop = new AbortController();
  const pending = api(server.url).createLead(lead, call({ signal: stop.signal }));
  await arrived.promise;
  stop.abort();
  expect(await pending).toMatchObject({ outcome: inDoubt, evidence: 'maybe_written' });
});

test('agrees with undici about what was written, call by call', async () => {
  const server = await served((socket, _request, nth) => {
    if (nth % 7 === 0) socket.resetAndDestroy();
    else if (nth % 11 === 0) socket.end();
    else socket.write(json({ leadId: String(nth) }));
  });
  const written = new Set<string>();
  const witness = (message: unknown) => {
    const { headers } = message as { readonly headers: string };
    const id = /x-request-id: (\S+)/i.exec(headers)?.[1];
    if (id !== undefined) written.add(id);
  };
  diagnostics.subscribe('undici:client:sendHeaders', witness);
  const client = api(server.url, { connections: 10 });
  const made = Array.from({ length: 400 }, (_, index) => call({ maySend: () => index % 5 !== 0 }));
  const results = await Promise.all(made.map((one) => client.createLead(lead, one)));
  diagnostics.unsubscribe('undici:client:sendHeaders', witness);
  for (const [index, { evidence }] of results.entries()) {
    expect(evidence !== 'never_written').toBe(written.has(made[index]?.attemptId ?? ''));
  }
  expect(written.size).toBeGreaterThan(200);
});

test('a port that accepts and resets at once never had a whole request answered', async () => {
  const server = createServer((socket) => socket.resetAndDestroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { outcome, evidence } = await api(url).createLead(lead, call());
  // Either is possible, and the evidence decides which verdict is right.
  expect(outcome).toEqual(evidence === 'never_written' ? notSent : inDoubt);
  server.close();
});
