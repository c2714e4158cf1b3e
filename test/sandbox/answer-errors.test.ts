import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { clientDataEndpoint } from '../../src/sandbox/endpoints/client-data.ts';
import { updateLeadEndpoint } from '../../src/sandbox/endpoints/update-lead.ts';
import { contracts } from '../../src/contract/index.ts';
import { personBody, useSandboxes } from './sandbox-under-test.ts';
import type { SandboxUnderTest } from './sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox errors');
let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await sandboxes.start();
});

async function query(sql: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: sandboxes.databaseUrl });
  await client.connect();
  try {
    return await client.query(sql, values);
  } finally {
    await client.end();
  }
}

test('says nothing of what the database has said', async () => {
  await query('alter table sandbox.leads rename to hidden');
  try {
    const answer = await sandbox.post('/alta-lead', personBody);
    expect([answer.status, answer.headers.get('x-leads-sandbox')]).toEqual([500, '1']);
    expect(await answer.json()).toEqual({ message: expect.stringMatching(/^The sandbox could not do its work\./) });
  } finally {
    await query('alter table sandbox.hidden rename to leads');
  }
});

test.each([
  ['/alta-lead', { ...personBody, name: 'A\0na' }],
  ['/alta-lead', { ...personBody, campaign: 'A\uD800' }],
  ['/alta-lead', { ...personBody, dni: '\0' }],
  ['/update-lead', { leadId: '1\0', estado: '5', observacion: 'x' }],
  ['/update-lead', { leadId: '1', estado: '5', observacion: '\uDC00\0' }],
  ['/client-data', { nif: '12345601\0' }],
])('refuses what PostgreSQL has no text for: %s %j', async (path, body) => {
  const answer = await sandbox.post(path, body);
  expect(answer.status).toBe(422);
});

test.each([null, 5, 'x', [], {}, { leadId: '1\0' }, { leadId: 7, nif: {} }])(
  'no endpoint throws when it is asked whom %j is about',
  async (body) => {
    const pool = new pg.Pool({ connectionString: sandboxes.databaseUrl });
    const parts = { pool, contract: contracts['1.2.5'] };
    try {
      for (const endpoint of [clientDataEndpoint, updateLeadEndpoint]) {
        expect(await endpoint.subject(parts, body)).toMatchObject({ partnerLeadId: null });
      }
    } finally {
      await pool.end();
    }
    // And where there is no database any more.
    expect(await updateLeadEndpoint.subject(parts, { leadId: '1' })).toMatchObject({ leadId: '1' });
  },
);

describe('clients', () => {
  // Random, or compression would hide that it is too long for an index.
  const letters = Array.from({ length: 6_000 }, () => String.fromCodePoint(97 + Math.floor(Math.random() * 26)));

  test('a dni of any length is taken, and only what has the form of a NIF is written down', async () => {
    for (const dni of [letters.join(''), 'A-1']) {
      expect((await sandbox.post('/alta-lead', { ...personBody, dni })).status).toBe(200);
    }
    const { rows } = await query('select nif from sandbox.clients where length(nif) <> 9');
    expect(rows).toEqual([]);
  });

  test('a NIF is one client, with and without separators', async () => {
    for (const dni of ['12.345.604-g', '12345604G', '12 345 604 G']) {
      expect((await sandbox.post('/alta-lead', { ...personBody, dni })).status).toBe(200);
    }
    const { rows } = await query(`select nif, asked::int from sandbox.clients where nif like '%604%'`);
    expect(rows).toEqual([{ nif: '12345604G', asked: 3 }]);
  });
});

test.each([
  ['a head', 'POST /alta-lead HTTP/1.1\r\nhost: x\r\n'],
  ['a body', 'POST /alta-lead HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{'],
])('%s that never comes to its end is cut off', async (_what, begun) => {
  const impatient = await sandboxes.start({ requestTimeoutMs: 200 });
  const socket = connect(Number(new URL(impatient.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(begun);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

describe('outside the endpoints', () => {
  test.each([
    ['GET', '/alta-lead', 405, 'POST'],
    ['DELETE', '/client-data?x=1', 405, 'POST'],
    ['POST', '/openapi.json', 405, 'GET'],
    ['PATCH', '/__sandbox/faults', 405, 'GET, PUT, DELETE'],
    ['GET', '/v2/alta-lead', 404, null],
  ])('%s %s is a %d', async (method, path, status, allow) => {
    const answer = await fetch(sandbox.url + path, { method });
    expect([answer.status, answer.headers.get('allow'), answer.headers.get('x-leads-sandbox')]).toEqual([
      status,
      allow,
      '1',
    ]);
    expect(await answer.json()).toMatchObject({ statusCode: status, error: expect.any(String) });
  });

  test('a malformed address below the Ficha Gestión is answered with a page, any other with JSON', async () => {
    const page = await fetch(`${sandbox.url}/ficha-gestion/%ff`);
    expect([page.status, page.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('<h1>That did not work</h1>');
    const other = await fetch(`${sandbox.url}/%ff`);
    expect([other.status, other.headers.get('x-leads-sandbox')]).toEqual([400, '1']);
    expect(await other.json()).toMatchObject({ statusCode: 400 });
  });

  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['headers that are too long', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s is answered, and marked', async (_what, request, status) => {
    const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(request);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).toContain('x-leads-sandbox: 1');
    expect(JSON.parse(body)).toMatchObject({ statusCode: status });
  });
});
