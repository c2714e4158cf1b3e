import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { DataKey, KeyStore, MacPurpose, Vault, WrappedKey } from '../../app/ports/vault.ts';
import { ConfigFault } from '../../domain/config-fault.ts';

const ivLength = 12;
const tagLength = 16;

/**
 * Encryption at rest and keyed hashes. `secret` (32 bytes, LEADSYNC_SECRET_KEY) wraps a small table of keys: one for
 * hashes, and one per partner and month for data. A secret that is not this ledger's ends in a ConfigFault: a new one on
 * an old ledger would make every lead of the past a new one.
 */
export async function createVault(options: {
  readonly secret: Uint8Array;
  readonly keyStore: KeyStore;
  readonly now?: () => Date;
}): Promise<Vault & { /** Tells one hash key from another; stored with the ledger. */ fingerprint(): string }> {
  const { keyStore, now = () => new Date() } = options;
  const wrapping = Buffer.from(hkdfSync('sha256', options.secret, '', 'leadsync wrap', 32));
  const byId = new Map<number, DataKey>();
  const inForce = new Map<string, Promise<DataKey>>();
  const macKeys = new Map<MacPurpose, Buffer>();
  const macRoot = await openMacKey();

  async function openMacKey(): Promise<Buffer> {
    const stored = await makeOrFind('mac', '', '');
    try {
      return unwrap(stored);
    } catch (error) {
      throw new ConfigFault(
        'CONFIG_KEY_MISMATCH',
        "LEADSYNC_SECRET_KEY: expected the key that this ledger was made with, found another; start with the old one",
        { cause: error },
      );
    }
  }

  async function makeOrFind(purpose: 'mac' | 'data', partner: string, month: string): Promise<WrappedKey> {
    const known = (await keyStore.list()).find(
      (key) => key.purpose === purpose && key.partner === partner && key.month === month,
    );
    if (known !== undefined) return known;
    return keyStore.add({ purpose, partner, month, wrapped: wrap(randomBytes(32), purpose, partner, month) });
  }

  function wrap(key: Buffer, purpose: string, partner: string, month: string): Uint8Array {
    return encrypt(wrapping, key, `${purpose}|${partner}|${month}`);
  }

  function unwrap({ wrapped, purpose, partner, month }: WrappedKey): Buffer {
    return decrypt(wrapping, wrapped, `${purpose}|${partner}|${month}`);
  }

  function dataKey(stored: WrappedKey): DataKey {
    const known = byId.get(stored.id);
    if (known !== undefined) return known;
    const key = unwrap(stored);
    // The id as associated data: a text moved to a row of another key doesn't open.
    const made: DataKey = {
      id: stored.id,
      seal: (plain) => encrypt(key, Buffer.from(plain, 'utf8'), String(stored.id)),
      open: (sealed) => decrypt(key, sealed, String(stored.id)).toString('utf8'),
    };
    byId.set(stored.id, made);
    return made;
  }

  function macKey(purpose: MacPurpose): Buffer {
    let key = macKeys.get(purpose);
    if (key === undefined) {
      key = Buffer.from(hkdfSync('sha256', macRoot, '', `leadsync mac ${purpose}`, 32));
      macKeys.set(purpose, key);
    }
    return key;
  }

  return {
    keyFor(partner) {
      const month = now().toISOString().slice(0, 7);
      const name = `${partner}|${month}`;
      let key = inForce.get(name);
      if (key === undefined) {
        key = makeOrFind('data', partner, month).then(dataKey);
        inForce.set(name, key);
        key.catch(() => inForce.delete(name));
      }
      return key;
    },
    async keyById(id) {
      const known = byId.get(id);
      if (known !== undefined) return known;
      const stored = (await keyStore.list()).find((key) => key.id === id);
      if (stored === undefined) throw new Error(`key ${id} is not in the key table`);
      return dataKey(stored);
    },
    mac: (purpose, text) => toUuid(createHmac('sha256', macKey(purpose)).update(text).digest()),
    fingerprint: () => createHmac('sha256', macKey('identity')).update('fingerprint').digest('hex').slice(0, 16),
  };
}

/** iv | tag | ciphertext */
function encrypt(key: Buffer, plain: Buffer, associated: string): Uint8Array {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(associated));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

function decrypt(key: Buffer, sealed: Uint8Array, associated: string): Buffer {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivLength), { authTagLength: tagLength })
    .setAAD(Buffer.from(associated))
    .setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
  return Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]);
}

function toUuid(digest: Buffer): string {
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
