import type { DataKey, Vault } from '../../src/app/ports/vault.ts';

const key: DataKey = {
  id: 1,
  seal: (plain) => new TextEncoder().encode(plain),
  open: (sealed) => new TextDecoder().decode(sealed),
};

/** Seals nothing: what is kept apart here is time, not people. */
export const plainVault: Vault = {
  keyFor: async () => key,
  keyById: async () => key,
  mac: (purpose, text) => `${purpose} ${text}`,
};
