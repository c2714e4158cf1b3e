import { describe, expect, it } from 'vitest';
import { createVault } from '../../../src/adapters/crypto/vault.ts';
import type { WrappedKey } from '../../../src/app/ports/vault.ts';
import { ConfigFault } from '../../../src/domain/config-fault.ts';
import { memoryKeyStore } from '../../support/memory-key-store.ts';

const secret = new Uint8Array(32).fill(1);
const other = new Uint8Array(32).fill(2);
const november = () => new Date('2026-11-30T23:59:59Z');
const december = () => new Date('2026-12-01T00:00:00Z');

const open = (keyStore = memoryKeyStore(), now = november) => createVault({ secret, keyStore, now });

function changed(bytes: Uint8Array, position: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[position] = (copy[position] ?? 0) ^ 1;
  return copy;
}

describe('a data key', () => {
  it('opens what it sealed', async () => {
    const key = await (await open()).keyFor('acme');
    for (const text of ['', 'José Muñoz', '{"dni":"12345678Z"}', '🙂'.repeat(1_000)]) {
      expect(key.open(key.seal(text))).toBe(text);
    }
  });

  it('never seals a text the same way twice, nor shows it', async () => {
    const key = await (await open()).keyFor('acme');
    const sealed = [key.seal('12345678Z'), key.seal('12345678Z')];
    expect(Buffer.from(sealed[0] ?? []).equals(Buffer.from(sealed[1] ?? []))).toBe(false);
    expect(Buffer.from(sealed[0] ?? []).includes('12345678Z')).toBe(false);
    expect(sealed[0]).toHaveLength(12 + 16 + 9);
  });

  it('does not open a text of which one bit was changed, or that is cut short', async () => {
    const key = await (await open()).keyFor('acme');
    const sealed = key.seal('12345678Z');
    for (const position of [0, 12, 28, sealed.length - 1]) {
      expect(() => key.open(changed(sealed, position))).toThrow();
    }
    for (const length of [0, 11, 27, sealed.length - 1]) expect(() => key.open(sealed.subarray(0, length))).toThrow();
  });

  it('does not open what another partner or another month sealed', async () => {
    const store = memoryKeyStore();
    const acme = await (await open(store)).keyFor('acme');
    const norte = await (await open(store)).keyFor('norte');
    const later = await (await open(store, december)).keyFor('acme');
    expect(new Set([acme.id, norte.id, later.id]).size).toBe(3);
    expect(() => norte.open(acme.seal('x'))).toThrow();
    expect(() => later.open(acme.seal('x'))).toThrow();
  });
});

describe('a vault', () => {
  it('says that the clock is behind where it names a month whose key was destroyed, and does not blame the secret', async () => {
    const store = memoryKeyStore();
    await (await open(store)).keyFor('acme');
    store.keys.splice(1, 1, { ...(store.keys[1] as WrappedKey), wrapped: new Uint8Array() });
    const vault = await open(store);
    await expect(vault.keyFor('acme')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('the clock of this host says 2026-11'),
    });
  });

  it('opens again what it sealed before a restart', async () => {
    const store = memoryKeyStore();
    const before = await (await open(store)).keyFor('acme');
    const sealed = before.seal('12345678Z');
    const after = await open(store, december);
    expect((await after.keyById(before.id)).open(sealed)).toBe('12345678Z');
  });

  it('makes one data key, however many ask at once and in however many processes', async () => {
    const store = memoryKeyStore();
    const [one, two] = await Promise.all([open(store), open(store)]);
    const keys = await Promise.all([one, one, two, two].map((vault) => vault.keyFor('acme')));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
    expect(store.keys.filter(({ purpose }) => purpose === 'data')).toHaveLength(1);
    const [first, , third] = keys;
    expect(third?.open(first?.seal('x') ?? new Uint8Array())).toBe('x');
  });

  it('asks the store for a key once', async () => {
    const store = memoryKeyStore();
    const vault = await open(store);
    const { id } = await vault.keyFor('acme');
    const lists = store.lists;
    await vault.keyById(id);
    await vault.keyFor('acme');
    expect(store.lists).toBe(lists);
  });

  it('asks again after the store could not be reached', async () => {
    const store = memoryKeyStore();
    const vault = await open(store);
    const { add } = store;
    store.add = () => Promise.reject(new Error('gone'));
    await expect(vault.keyFor('acme')).rejects.toThrow('gone');
    store.add = add;
    await expect(vault.keyFor('acme')).resolves.toHaveProperty('id');
  });

  it('knows no key that retention has taken away', async () => {
    await expect((await open()).keyById(99)).rejects.toThrow('no data key 99');
  });

  it('keeps no key in clear', async () => {
    const store = memoryKeyStore();
    await (await open(store)).keyFor('acme');
    expect(store.keys.map(({ wrapped }) => wrapped.length)).toEqual([60, 60]);
  });

  it('hashes by purpose, the same after a restart and in every process', async () => {
    const store = memoryKeyStore();
    const hash = (await open(store)).mac('identity', 'acme\n1');
    expect(hash).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    const again = await open(store, december);
    expect(again.mac('identity', 'acme\n1')).toBe(hash);
    expect(again.mac('content', 'acme\n1')).not.toBe(hash);
    expect(again.mac('identity', 'acme\n2')).not.toBe(hash);
  });

  it('has a fingerprint of the key that hashes, the same for all', async () => {
    const store = memoryKeyStore();
    const vaults = await Promise.all([open(store), open(store)]);
    const prints = vaults.map((vault) => vault.fingerprint());
    expect(prints[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(prints[1]).toBe(prints[0]);
    expect((await open()).fingerprint()).not.toBe(prints[0]);
  });
});

describe('a wrong secret', () => {
  const faultOf = (keyStore: ReturnType<typeof memoryKeyStore>) =>
    createVault({ secret: other, keyStore, now: november }).then(
      () => null,
      (error: unknown) => error,
    );

  it('is refused, also while the first key is being made', async () => {
    const store = memoryKeyStore();
    await open(store);
    const { list } = store;
    for (const lists of [list, async () => []]) {
      store.list = lists;
      const fault = await faultOf(store);
      expect(fault).toBeInstanceOf(ConfigFault);
      expect(fault).toHaveProperty('code', 'CONFIG_KEY_MISMATCH');
    }
  });

  it('is suspected where there are data keys and no MAC key: a new one would recognise no lead', async () => {
    const store = memoryKeyStore();
    await (await open(store)).keyFor('acme');
    store.keys.splice(0, 1);
    await expect(open(store)).rejects.toHaveProperty('code', 'CONFIG_KEY_MISMATCH');
  });

  it('is what a wrapped key of another line looks like', async () => {
    const store = memoryKeyStore();
    const vault = await open(store);
    const [acme, norte] = [await vault.keyFor('acme'), await vault.keyFor('norte')];
    const wrappedOf = (id: number) => store.keys.find((key) => key.id === id)?.wrapped ?? new Uint8Array();
    const swapped = store.keys.map((key): WrappedKey =>
      key.id === acme.id ? { ...key, wrapped: wrappedOf(norte.id) } : key,
    );
    store.list = async () => swapped;
    await expect((await open(store)).keyById(acme.id)).rejects.toHaveProperty('code', 'CONFIG_KEY_MISMATCH');
  });
});
