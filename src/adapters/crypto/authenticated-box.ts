import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM: iv | tag | ciphertext. `bound` is not kept in it, but the box opens only with the same. */
export function sealBox(key: KeyObject, plain: Uint8Array, bound: string): Uint8Array {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(bound));
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** Throws for another key, another `bound`, or a box that was changed. */
export function openBox(key: KeyObject, box: Uint8Array, bound: string): Buffer {
  if (box.length < ivBytes + tagBytes) throw new Error('a sealed text that is too short to be one');
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(box.subarray(ivBytes, ivBytes + tagBytes));
  const plain = decipher.update(box.subarray(ivBytes + tagBytes));
  return Buffer.concat([plain, decipher.final()]);
}
