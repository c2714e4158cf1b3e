import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signedHeaders } from '../../src/adapters/webhook/sign.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');

const [, example = ''] = /<!-- example -->\n```js\n([\s\S]*?)```/.exec(text) ?? [];

interface Example {
  readWebhook(secret: string, headers: Readonly<Record<string, string>>, body: string): unknown;
}

const receiver = (): Promise<Example> =>
  import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(example)}`) as Promise<Example>;

const key = Buffer.alloc(32, 5);
const secret = `whsec_${key.toString('base64')}`;
const body = '{"type":"file.settled"}';
const now = Math.floor(Date.now() / 1_000);

const signed = (timestamp = now, keys: readonly Uint8Array[] = [key]) =>
  signedHeaders({ id: 'msg_1', timestamp, body }, keys);

describe('the receiver of docs/webhooks.md', () => {
  it('believes what leadsync has signed, with one secret and while it is being changed', async () => {
    const { readWebhook } = await receiver();
    expect(readWebhook(secret, signed(), body)).toEqual({ type: 'file.settled' });
    expect(readWebhook(secret, signed(now, [Buffer.alloc(32, 6), key]), body)).toEqual({ type: 'file.settled' });
  });

  it('believes nothing else', async () => {
    const { readWebhook } = await receiver();
    expect(() => readWebhook(secret, signed(), `${body} `)).toThrow('not signed');
    expect(() => readWebhook(secret, signed(now, [Buffer.alloc(32, 6)]), body)).toThrow('not signed');
    expect(() => readWebhook(secret, { ...signed(), 'webhook-id': 'msg_2' }, body)).toThrow('not signed');
    expect(() => readWebhook(secret, { ...signed(), 'webhook-signature': '' }, body)).toThrow('not signed');
    expect(() => readWebhook(secret, signed(now - 3_600), body)).toThrow('too old');
    expect(() => readWebhook(secret, {}, body)).toThrow('too old');
  });
});
