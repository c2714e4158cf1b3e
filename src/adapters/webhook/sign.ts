import { createHmac } from 'node:crypto';

/** Secrets as the Standard Webhooks specification writes them: 24 to 64 bytes in base64 behind `whsec_`. */
const shape = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** The key of a secret; null: it is none. */
export function keyOfSecret(secret: string): Uint8Array | null {
  const [, base64] = shape.exec(secret) ?? [];
  if (base64 === undefined) return null;
  const key = Buffer.from(base64, 'base64');
  return key.length < 24 || key.length > 64 ? null : new Uint8Array(key);
}

/**
 * The headers of a message by the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`. While a secret is
 * being changed there are two signatures, and the receiver takes whichever it has the key for.
 */
export function signedHeaders(
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
  keys: readonly Uint8Array[],
): Readonly<Record<string, string>> {
  const signatures = keys.map((key) => {
    const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    return `v1,${digest}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}
