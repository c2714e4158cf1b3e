import type { KeyStore, WrappedKey } from '../../src/app/ports/vault.ts';

/** A key table in memory, with the one rule of the real one: (purpose, partner, month) is stored once. */
export function memoryKeyStore(): KeyStore & { readonly keys: WrappedKey[]; lists: number } {
  const store = {
    keys: [] as WrappedKey[],
    /** How often all keys were asked for. */
    lists: 0,
    async list() {
      store.lists++;
      return [...store.keys];
    },
    async secrets() {
      return { current: null, earlier: [] };
    },
    async add(key: Omit<WrappedKey, 'id'>) {
      const same = store.keys.find(
        ({ purpose, partner, month }) => purpose === key.purpose && partner === key.partner && month === key.month,
      );
      if (same !== undefined) return same;
      const stored = { ...key, id: store.keys.length + 1 };
      store.keys.push(stored);
      return stored;
    },
  };
  return store;
}
