import { readBlocked } from '../adapters/ledger/blocked-payloads.ts';
import { createVault } from '../adapters/crypto/vault.ts';
import { openForMigration } from '../adapters/ledger/database.ts';
import { createKeyStore } from '../adapters/ledger/key-store.ts';
import type { Act } from '../app/ports/held-files.ts';
import type { Config } from '../config/config.ts';
import { ensureSecretKey } from '../config/keys.ts';
import { ConfigFault } from '../domain/config-fault.ts';
import { openLedgerStore } from './open-stores.ts';

/**
 * The blocked values of a row, read as the owner of the schema: the role of the service may not. Audited before they are
 * given. Null: there are none.
 */
export async function openBlocked(config: Config, rowId: string, act: Act): Promise<unknown> {
  const store = await openLedgerStore(config);
  const adminUrl = store.embedded?.adminUrl ?? config.database.adminUrl;
  try {
    if (adminUrl === null) {
      throw new ConfigFault(
        'CONFIG_INVALID',
        'DATABASE_ADMIN_URL: expected the owner of the schema, who alone reads what is blocked, got nothing',
      );
    }
    const admin = openForMigration(adminUrl);
    try {
      const keyStore = createKeyStore(admin.db);
      const vault = await createVault({ secret: ensureSecretKey(config), keyStore, now: () => new Date() });
      const sealed = await readBlocked(admin.db, rowId, act);
      if (sealed === null) return null;
      return JSON.parse((await vault.keyById(sealed.keyId)).open(sealed.payload)) as unknown;
    } finally {
      await admin.close();
    }
  } finally {
    await store.leave();
  }
}
