import { createHmac, type KeyObject } from 'node:crypto';
import {
  NoDataKey,
  type DataKey,
  type KeyStore,
  type MacPurpose,
  type Vault,
  type WrappedKey,
} from '../../app/ports/vault.ts';
import { ConfigFault } from '../../domain/config-fault.ts';
import { openBox, sealBox } from './authenticated-box.ts';
import { createKeyedHash } from './keyed-hash.ts';
import { deriveWrappingKey, makeWrappedKey, markOfSecret, unwrapKey } from './wrap-key.ts';

export interface StampedVault extends Vault {
  /** Tells keyed hashes of one MAC key from those of another; gives away nothing of it. For the ledger's stamp. */
  fingerprint(): string;
  /** Whether the key table is wrapped by another secret by now. What was opened stays open; new keys can't be made. */
  isRotated(): Promise<boolean>;
}

const noOwner = { partner: '', month: '' } as const;

/**
 * Opens the vault; makes the MAC key in an empty table. Throws CONFIG_KEY_MISMATCH if the table was made with another
 * secret: hashes by a new key would recognise no lead, and every one would be created again.
 *
 * What a rotation does to a vault that is open: nothing, at first. Data keys are wrapped anew and not replaced, so those that
 * it has opened are those of the table, and what it seals with them opens for everybody. Shut to it is what it has not opened
 * yet: the first file of a partner or of a month (`keyFor`), rows under a key that a service with the new secret has made
 * (`keyById`); they throw CONFIG_KEY_ROTATED and stay due. So that this is not found out on the first of a month, services ask
 * `isRotated`, say so, and leave new files to those that have the new secret (`main/watch-key.ts`).
 */
export async function createVault(options: {
  /** LEADSYNC_SECRET_KEY, 32 bytes. */
  readonly secret: Uint8Array;
  readonly keyStore: KeyStore;
  /** Names the month of a new data key. */
  readonly now: () => Date;
}): Promise<StampedVault> {
  const { keyStore, now } = options;
  const wrapping = deriveWrappingKey(options.secret);
  const secret = markOfSecret(wrapping);
  const macKey = await openMacKey();
  const macs: Readonly<Record<MacPurpose, (text: string) => string>> = {
    identity: keyedHashFor(macKey, 'identity'),
    content: keyedHashFor(macKey, 'content'),
    partnerLeadId: keyedHashFor(macKey, 'partnerLeadId'),
    header: keyedHashFor(macKey, 'header'),
    apiSettings: keyedHashFor(macKey, 'apiSettings'),
    person: keyedHashFor(macKey, 'person'),
    lookedUp: keyedHashFor(macKey, 'lookedUp'),
    consolePost: keyedHashFor(macKey, 'consolePost'),
  };
  const fingerprint = fingerprintOf(macKey);
  const byMonth = new Map<string, Promise<DataKey>>();
  const byId = new Map<number, DataKey>();

  async function remember(stored: WrappedKey): Promise<DataKey> {
    const key = byId.get(stored.id) ?? dataKey(stored, await openStored(stored));
    byId.set(stored.id, key);
    return key;
  }

  async function openMacKey(): Promise<KeyObject> {
    const keys = await keyStore.list();
    const stored = keys.find(({ purpose }) => purpose === 'mac');
    if (stored !== undefined) return openStored(stored);
    if (keys.length > 0) throw keyMismatch('the key table has data keys and no MAC key');
    return openStored(await addKey({ purpose: 'mac', ...noOwner }));
  }

  async function addKey(owner: Pick<WrappedKey, 'month' | 'partner' | 'purpose'>): Promise<WrappedKey> {
    const added = await keyStore.add(makeWrappedKey(wrapping, owner), secret);
    if (added === 'rotated') throw keyRotated();
    if (added.wrapped.length === 0) throw keyDestroyed(added);
    return added;
  }

  async function openStored(stored: WrappedKey): Promise<KeyObject> {
    try {
      return unwrapKey(wrapping, stored);
    } catch (cause) {
      const { current, earlier } = await keyStore.secrets();
      if (current !== secret && earlier.includes(secret)) throw keyRotated(cause);
      throw keyMismatch(
        'LEADSYNC_SECRET_KEY does not open the key table of this ledger; start with the old key',
        cause,
      );
    }
  }

  return {
    async keyFor(partner) {
      const month = now().toISOString().slice(0, 7);
      const slot = `${month} ${partner}`;
      let key = byMonth.get(slot);
      if (key === undefined) {
        key = addKey({ purpose: 'data', partner, month }).then(remember);
        byMonth.set(slot, key);
        // A store that was unreachable once is asked again.
        key.catch(() => byMonth.delete(slot));
      }
      return key;
    },
    async keyById(id) {
      const known = byId.get(id);
      if (known !== undefined) return known;
      const stored = (await keyStore.list()).find(
        (key) => key.id === id && key.purpose === 'data' && key.wrapped.length > 0,
      );
      if (stored === undefined) throw new NoDataKey(id);
      return remember(stored);
    },
    mac: (purpose, text) => uuidOf(macs[purpose](text)),
    fingerprint: () => fingerprint,
    async isRotated() {
      const { current } = await keyStore.secrets();
      return current !== null && current !== secret;
    },
  };
}

/** Of the MAC key: tells the hashes of one from those of another. */
export function fingerprintOf(macKey: KeyObject): string {
  return createHmac('sha256', macKey).update('fingerprint').digest('hex').slice(0, 16);
}

function keyMismatch(message: string, cause?: unknown): ConfigFault {
  return new ConfigFault('CONFIG_KEY_MISMATCH', message, { cause });
}

function keyDestroyed({ partner, month }: WrappedKey): ConfigFault {
  return new ConfigFault(
    'CONFIG_INVALID',
    `the clock of this host says ${month}, and the key of ${partner} for that month was destroyed, since its time was over; set the clock`,
  );
}

function keyRotated(cause?: unknown): ConfigFault {
  return new ConfigFault(
    'CONFIG_KEY_ROTATED',
    'LEADSYNC_SECRET_KEY: expected the key that `leadsync key rotate` has put in its place, got the one before; start with the new one',
    { cause },
  );
}

/** One key a purpose, so that equal texts of two purposes have hashes that can't be joined. */
function keyedHashFor(macKey: KeyObject, purpose: MacPurpose): (text: string) => string {
  return createKeyedHash(createHmac('sha256', macKey).update(`purpose ${purpose}`).digest());
}

function dataKey({ id, partner }: WrappedKey, key: KeyObject): DataKey {
  const bound = Buffer.from(JSON.stringify([id, partner]));
  return {
    id,
    seal: (plain) => sealBox(key, plain, bound),
    open: (sealed) => openBox(key, sealed, bound).toString(),
  };
}

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
