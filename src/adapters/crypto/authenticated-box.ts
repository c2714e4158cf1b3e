import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

const nextIv = createIvs();

/** AES-256-GCM: iv | tag | ciphertext. `bound` is not kept in it, but the box opens only with the same. */
export function sealBox(key: KeyObject, plain: string | Uint8Array, bound: Uint8Array): Uint8Array {
  const iv = nextIv();
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(bound);
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  cipher.final();
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** Throws for another key, another `bound`, or a box that was changed. */
export function openBox(key: KeyObject, box: Uint8Array, bound: Uint8Array): Buffer {
  if (box.length < ivBytes + tagBytes) throw new Error('a sealed text that is too short to be one');
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAAD(bound);
  decipher.setAuthTag(box.subarray(ivBytes, ivBytes + tagBytes));
  const plain = decipher.update(box.subarray(ivBytes + tagBytes));
  return Buffer.concat([plain, decipher.final()]);
}

/** Random ones, each used once. Drawn many at a time: a draw from the system costs as much as sealing a row. */
function createIvs(): () => Buffer {
  let drawn: Buffer = Buffer.alloc(0);
  return () => {
    if (drawn.length === 0) drawn = randomBytes(ivBytes * 256);
    const iv = drawn.subarray(0, ivBytes);
    drawn = drawn.subarray(ivBytes);
    return iv;
  };
}
