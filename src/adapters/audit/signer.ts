import { createPrivateKey, createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';
import type { AuditDigests, AuditSigner } from '../../app/ports/audit-log.ts';

/** Of PKCS #8 and of SPKI (RFC 8410): what stands before the 32 bytes of an Ed25519 key. */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** Ed25519 (RFC 8032) and SHA-256, with a seed of 32 bytes. */
export function createAuditSigner(seed: Uint8Array): AuditSigner {
  const key = createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    ...auditDigests,
    publicKey: spki.subarray(publicPrefix.length).toString('base64'),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  };
}

const known = new Map<string, KeyObject>();

/** What checking takes, without a key of one's own. */
export const auditDigests: AuditDigests = {
  isSigned(text, signature, publicKey) {
    const raw = Buffer.from(publicKey, 'base64');
    if (raw.length !== 32) return false;
    const key =
      known.get(publicKey) ?? createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki' });
    known.set(publicKey, key);
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  },
  // At once, without a hash object: an eighth of the time of a check.
  sha256: (data) => hash('sha256', data, 'hex'),
  fromHex: (hex) => Buffer.from(hex, 'hex'),
  hex: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex'),
};
