import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyOfSecret, signedHeaders } from '../../../src/adapters/webhook/sign.ts';
import { createWebhookSender, type WebhookSender } from '../../../src/adapters/webhook/webhook-sender.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.ts';

let receiver: WebhookReceiver;
let sender: WebhookSender;
let strict: WebhookSender;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  const options = { userAgent: 'leadsync/test', timeoutMs: 2_000 };
  sender = createWebhookSender({ ...options, allowedNetworks: ['127.0.0.0/8', '::1/128'] });
  strict = createWebhookSender({ ...options, allowedNetworks: ['10.9.0.0/16'] });
});
afterAll(async () => {
  await sender.close();
  await strict.close();
  await receiver.close();
});
beforeEach(() => receiver.answer(204));

const keys = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const secrets = keys.map((key) => `whsec_${key.toString('base64')}`);

const send = (changes: Partial<Parameters<WebhookSender['send']>[0]> = {}, by = sender) =>
  by.send({ url: `${receiver.url}/hook?x=1`, id: 'msg_1', body: '{"type":"x"}', secrets, isForeign: true, ...changes });

describe('a webhook', () => {
  it('is signed with each secret over id, time and body, as the Standard Webhooks specification says', async () => {
    expect(await send()).toEqual({ kind: 'delivered', httpStatus: 204 });
    const got = receiver.received.at(-1);
    if (got === undefined) throw new Error('nothing came');
    const { path, headers, body } = got;
    expect([path, headers['content-type'], headers['user-agent']]).toEqual([
      '/hook?x=1',
      'application/json; charset=utf-8',
      'leadsync/test',
    ]);
    expect(headers['webhook-id']).toBe('msg_1');
    const timestamp = Number(headers['webhook-timestamp']);
    expect(Math.abs(timestamp - Date.now() / 1_000)).toBeLessThan(60);
    const expected = keys.map((key) => {
      const hmac = createHmac('sha256', key).update(`msg_1.${timestamp}.${body}`);
      return `v1,${hmac.digest('base64')}`;
    });
    expect(headers['webhook-signature']).toBe(expected.join(' '));
  });

  it("agrees with the specification's own example", () => {
    const key = keyOfSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
    expect(signedHeaders(message, key === null ? [] : [key])['webhook-signature']).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it.each([
    [301, 'DELIVERY_REDIRECTED'],
    [307, 'DELIVERY_REDIRECTED'],
    [400, 'DELIVERY_REFUSED'],
    [410, 'DELIVERY_GONE'],
    [429, 'DELIVERY_RECEIVER_FAILED'],
    [503, 'DELIVERY_RECEIVER_FAILED'],
  ])('that is answered with %i is %s, and goes nowhere else', async (status, code) => {
    const before = receiver.received.length;
    receiver.answer(status, { location: `${receiver.url}/elsewhere`, 'retry-after': '30' });
    expect(await send()).toEqual({ kind: 'failed', code, httpStatus: status, retryAfterMs: 30_000 });
    expect(receiver.received.slice(before).map(({ path }) => path)).toEqual(['/hook?x=1']);
  });

  it('is tried again at the date that the receiver names', async () => {
    receiver.answer(503, { 'retry-after': new Date(Date.now() + 600_000).toUTCString() });
    const outcome = await send();
    const waitMs = outcome.kind === 'failed' ? (outcome.retryAfterMs ?? 0) : 0;
    expect(waitMs).toBeGreaterThan(590_000);
    expect(waitMs).toBeLessThanOrEqual(600_000);
    receiver.answer(503, { 'retry-after': '-5' });
    expect(await send()).toMatchObject({ retryAfterMs: null });
  });

  it('to nobody is tried again', async () => {
    expect(await send({ url: 'http://127.0.0.1:1/' })).toMatchObject({ code: 'DELIVERY_UNREACHABLE' });
    expect(await send({ url: 'https://no-such-host.invalid/' })).toMatchObject({ code: 'DELIVERY_UNREACHABLE' });
  });

  it('over a connection without encryption goes to this machine alone', async () => {
    expect(await send({ url: 'http://10.9.1.1/' }, strict)).toMatchObject({ code: 'DELIVERY_ADDRESS_REFUSED' });
    expect(await send({ url: 'http://crm.example.com/' }, strict)).toMatchObject({ code: 'DELIVERY_ADDRESS_REFUSED' });
  });

  it.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    // A name whose address is private, looked at where it is connected to.
    'https://localhost/',
  ])('of a partner never reaches %s', async (url) => {
    expect(await send({ url }, strict)).toMatchObject({ kind: 'failed', code: 'DELIVERY_ADDRESS_REFUSED' });
  });

  it('of a partner reaches a network that is allowed, by address and by name', async () => {
    expect(await send()).toMatchObject({ kind: 'delivered' });
    const byName = receiver.url.replace('127.0.0.1', 'localhost');
    expect(await send({ url: byName })).toMatchObject({ kind: 'delivered' });
    expect(await send({}, strict)).toMatchObject({ code: 'DELIVERY_ADDRESS_REFUSED' });
  });

  it('of those who run leadsync may go where they say', async () => {
    expect(await send({ isForeign: false }, strict)).toMatchObject({ kind: 'delivered' });
  });
});

describe('a secret', () => {
  it.each([
    'whsec_',
    'whsec_c2hvcnQ=',
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    `whsec_${Buffer.alloc(65).toString('base64')}`,
  ])('is not %s', (secret) => {
    expect(keyOfSecret(secret)).toBeNull();
  });
});
