import { gzipSync } from 'node:zlib';
import { beforeEach, expect, test } from 'vitest';
import { personBody, useSandboxes } from './sandbox-under-test.ts';
import type { SandboxUnderTest } from './sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox bodies');
let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await sandboxes.start();
});

async function send(type: string | null, body: string | Buffer) {
  const headers = type === null ? {} : { 'content-type': type };
  const answer = await fetch(`${sandbox.url}/alta-lead`, { method: 'POST', headers, body: Buffer.from(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const json = JSON.stringify(personBody);
const form = new URLSearchParams(Object.entries(personBody).map(([name, value]) => [name, String(value)])).toString();
const urlencoded = 'application/x-www-form-urlencoded';

test.each([
  ['JSON', 'application/json', json],
  ['JSON with a charset', 'application/json; charset="UTF-8"', json],
  ['JSON with a byte order mark', 'application/json', `\u{FEFF}${json}`],
  [
    'JSON with one name in two objects',
    'application/json',
    `${json.slice(0, -1)},"x":{"name":1},"y":[{"name":2},{"name":3}]}`,
  ],
  [
    'JSON with quotes and braces in its texts',
    'application/json',
    JSON.stringify({ ...personBody, campaign: '{"name":' }),
  ],
  ['a form', `${urlencoded}; charset=utf-8`, form],
])('reads %s', async (_what, type, body) => {
  expect((await send(type, body)).status).toBe(200);
});

test.each([
  ['text', 'text/plain', json],
  ['XML', 'text/xml', '<lead/>'],
  ['bytes without a type', null, json],
  ['JSON in Latin-1', 'application/json; charset=iso-8859-1', Buffer.from(json, 'latin1')],
  ['a form in Latin-1', `${urlencoded};charset=ISO-8859-1`, form],
])('answers 415 to %s', async (_what, type, body) => {
  expect(await send(type, body)).toEqual({
    status: 415,
    body: expect.objectContaining({ statusCode: 415, error: 'Unsupported Media Type' }),
  });
});

test.each([
  ['half of JSON', 'application/json', '{"name":', 'The body is not JSON.'],
  ['nothing', 'application/json', '', 'The body is not JSON.'],
  ['JSON with a field twice', 'application/json', '{"name":"Ana","name":"Eva"}', 'The body has a field twice.'],
  [
    'JSON with a field escaped the second time',
    'application/json',
    String.raw`{"a":1,"\u0061":2}`,
    'The body has a field twice.',
  ],
  ['JSON with a field twice within', 'application/json', '{"x":[{"a":{},"a":1}]}', 'The body has a field twice.'],
  ['JSON that is not UTF-8', 'application/json', Buffer.from(json, 'latin1'), 'The body is not UTF-8.'],
  ['a form of other bytes', urlencoded, `${form}&origen=%F1`, 'The form is not percent-encoded UTF-8.'],
  ['a form with a field twice', urlencoded, `${form}&phone=600000002`, 'The form has a field twice.'],
])('answers 400 to %s', async (_what, type, body, message) => {
  expect(await send(type, body)).toEqual({ status: 400, body: { statusCode: 400, error: 'Bad Request', message } });
});

test('answers 415 to a compressed body', async () => {
  const answer = await fetch(`${sandbox.url}/alta-lead`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync(json),
  });
  expect([answer.status, await answer.json()]).toMatchObject([415, { message: 'The body must not be compressed.' }]);
});

test.each(['null', '5', '"x"', '[]'])('refuses %s, which is no object', async (body) => {
  expect(await send('application/json', body)).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'body', message: 'must be an object' }] },
  });
});
