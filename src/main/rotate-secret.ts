import { rotateKeys } from '../adapters/crypto/rotate-keys.ts';
import { openDatabase } from '../adapters/ledger/database.ts';
import { createKeyStore } from '../adapters/ledger/key-store.ts';
import { readStamp } from '../adapters/ledger/stamp.ts';
import type { Act } from '../app/ports/held-files.ts';
import type { RotatedKeys } from '../app/ports/vault.ts';
import type { Config } from '../config/config.ts';
import { keysToRotate } from '../config/keys.ts';
import { openLedgerStore } from './open-stores.ts';
import { prepareLedger } from './prepare-schema.ts';

/** Opens the ledger without its vault, which opens with one secret alone, and rotates the key table. */
export async function rotateSecret(config: Config, act: Act): Promise<RotatedKeys> {
  const keys = keysToRotate(config);
  const store = await openLedgerStore(config);
  const database = openDatabase(store.url);
  try {
    await prepareLedger(config, store, database.db);
    const stamp = await readStamp(database.db);
    const rotated = await rotateKeys(createKeyStore(database.db), keys, stamp?.keyFingerprint ?? null, act);
    keys.done();
    return rotated;
  } finally {
    await database.close();
    await store.leave();
  }
}
