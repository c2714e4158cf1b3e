import { createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import type { WrappedKey } from '../../app/ports/vault.ts';
import { openBox, sealBox } from './authenticated-box.ts';

type Owner = Pick<WrappedKey, 'month' | 'partner' | 'purpose'>;

/** The key that wraps keys. Derived, so that LEADSYNC_SECRET_KEY itself never encrypts anything. */
export function deriveWrappingKey(secret: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'leadsync key wrap v1', 32)));
}

/** A new key, wrapped for its owner. */
export function makeWrappedKey(wrapping: KeyObject, owner: Owner): Omit<WrappedKey, 'id'> {
  return { ...owner, wrapped: sealBox(wrapping, randomBytes(32), boundTo(owner)) };
}

/** The same key, wrapped by another secret. */
export function rewrapKey(wrapping: KeyObject, owner: Owner, key: KeyObject): Uint8Array {
  return sealBox(wrapping, key.export(), boundTo(owner));
}

/** Tells one secret from another and gives away nothing of it. */
export function markOfSecret(wrapping: KeyObject): string {
  return createHmac('sha256', wrapping).update('mark of the secret').digest('hex').slice(0, 16);
}

/** Throws if it was wrapped by another secret, or for another owner. */
export function unwrapKey(wrapping: KeyObject, key: WrappedKey): KeyObject {
  return createSecretKey(openBox(wrapping, key.wrapped, boundTo(key)));
}

/** A wrapped key that was moved to another line of the table opens nothing. */
function boundTo({ purpose, partner, month }: Owner): Uint8Array {
  return Buffer.from(JSON.stringify([purpose, partner, month]));
}
