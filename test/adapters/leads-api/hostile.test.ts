import { gzipSync } from 'node:zlib';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { LeadsApiOptions } from '../../../src/adapters/leads-api/leads-api-client.ts';
import { apiAt, call, lead, update } from './api-under-test.ts';
import { answer, json, startRawServer } from './raw-server.ts';

/** An API, or somebody in its place, that means harm; and values of a file that would do harm in a request. */

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function against(behave: (socket: Socket) => void, options: Partial<LeadsApiOptions> = {}) {
  const server = await startRawServer(behave);
  const api = apiAt(server.url, options);
  opened.push(api, server);
  return { server, api };
}

const mebibyte = 2 ** 20;

describe('an answer that never ends', () => {
  /** Writes until the client has enough. */
  const flood = (head: string, chunk: string) => (socket: Socket) => {
    socket.write(head);
    const more = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', more);
    more();
  };

  const spaces = ' '.repeat(2 ** 16);
  test.each([
    ['of 800 MB, as it says itself', `HTTP/1.1 200 OK\r\ncontent-length: ${800 * mebibyte}\r\n\r\n`, spaces],
    ['in chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', `10000\r\n${spaces}\r\n`],
    ['until the connection ends', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n', spaces],
    ['of headers', 'HTTP/1.1 200 OK\r\n', `x-a: ${'a'.repeat(2 ** 14)}\r\n`],
    ['of one header', 'HTTP/1.1 200 OK\r\nx-a: ', 'a'.repeat(2 ** 16)],
    ['of interim answers', '', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(1_000)],
    ['of chunk extensions', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;', 'a'.repeat(2 ** 16)],
    ['of trailers', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n', `x-a: ${'a'.repeat(2 ** 14)}\r\n`],
  ])('%s is cut off, in memory that does not grow with it', async (_how, head, chunk) => {
    const { api } = await against(flood(head, chunk), { timeoutMs: 3_000 });
    const before = process.memoryUsage();
    const { outcome, evidence } = await api.createLead(lead, call());
    const after = process.memoryUsage();
    expect(outcome).toMatchObject({ kind: 'ambiguous', code: 'API_NO_ANSWER' });
    expect(evidence).not.toBe('never_written');
    const held = (usage: NodeJS.MemoryUsage) => usage.external + usage.heapUsed;
    expect(held(after) - held(before)).toBeLessThan(128 * mebibyte);
  });

  test.each([
    ['in chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', `10000\r\n${spaces}\r\n`],
    ['of headers', 'HTTP/1.1 200 OK\r\n', `x-a: ${'a'.repeat(2 ** 14)}\r\n`],
  ])('%s of the token endpoint costs a call, and nothing is sent to the API', async (_how, head, chunk) => {
    const tokens = await startRawServer(flood(head, chunk));
    const auth = { kind: 'oauth2', tokenUrl: `${tokens.url}/token`, clientId: 'id', clientSecret: 's' } as const;
    const { api, server } = await against((socket) => socket.write(json({ leadId: '1' })), { auth, timeoutMs: 3_000 });
    opened.push(tokens);
    expect((await api.createLead(lead, call())).evidence).toBe('never_written');
    expect(server.requests).toEqual([]);
  });

  test('that is small and would unpack to hundreds of megabytes is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * mebibyte));
    const { api } = await against((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });
    const before = process.memoryUsage().rss;
    expect((await api.createLead(lead, call())).outcome.kind).toBe('ambiguous');
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * mebibyte);
  });
});

describe('names that mean something to JavaScript', () => {
  test.each([
    '{"__proto__":{"leadId":"1","status":"OK"}}',
    '{"constructor":{"prototype":{"leadId":"1"}}}',
    '{"status":"OK","__proto__":{"leadId":"1"},"message":"x"}',
    '{"leadId":{"__proto__":"1"}}',
    '{"leadId":["1"]}',
  ])('are no leadId in %s, and change nothing of ours', async (body) => {
    const { api } = await against((socket) => socket.write(answer(200, body, { 'content-type': 'application/json' })));
    expect((await api.createLead(lead, call())).outcome.kind).not.toBe('answered');
    expect(({} as { leadId?: unknown }).leadId).toBeUndefined();
    expect(({} as { status?: unknown }).status).toBeUndefined();
  });

  test('do no harm in an answer nested so deep that reading it by recursion would end the process', async () => {
    const body = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const { api } = await against((socket) => socket.write(answer(200, body)));
    expect((await api.createLead(lead, call())).outcome.kind).toBe('ambiguous');
  });
});

describe('a value of a file', () => {
  const evil = "x\r\nX-Evil: 1\r\n\r\nPOST /alta-lead HTTP/1.1\r\nhost: x\r\n\r\n../../admin?a=b#c%0d%0a';--";
  const inPath = {
    clientData: { method: 'GET', path: '/clients/{nif}' },
    altaLead: { method: 'POST', path: '/alta-lead' },
    updateLead: { method: 'PUT', path: '/leads/{leadId}/state' },
  };

  test.each(['json', 'form'] as const)('stays in the place that it was put into, as %s', async (body) => {
    const { api, server } = await against((socket) => socket.write(json({ status: 'OK' })), {
      body,
      endpoints: inPath,
    });
    await api.updateLead({ ...update, leadId: evil, observacion: evil }, call());
    await api.createLead({ ...lead, name: evil, partnerLeadId: evil }, call());
    await api.checkClient(evil, call());
    expect(server.requests).toHaveLength(3);
    const heads = server.requests.map((request) => request.slice(0, request.indexOf('\r\n\r\n')));
    expect(heads.map((head) => head.split('\r\n')[0])).toEqual([
      `PUT /leads/${encodeURIComponent(evil)}/state HTTP/1.1`,
      'POST /alta-lead HTTP/1.1',
      `GET /clients/${encodeURIComponent(evil)} HTTP/1.1`,
    ]);
    for (const head of heads) expect(head.toLowerCase()).not.toMatch(/^x-evil/m);
  });
});
