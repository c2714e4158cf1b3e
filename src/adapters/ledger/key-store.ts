import { sql } from 'kysely';
import type { KeyStore, WrappedKey } from '../../app/ports/vault.ts';
import type { LedgerDatabase } from './database.ts';

/** The table of wrapped keys. */
export function createKeyStore(db: LedgerDatabase): KeyStore {
  async function list(): Promise<readonly WrappedKey[]> {
    const { rows } = await sql<WrappedKey>`select id, purpose, partner, month, wrapped from wrapped_key`.execute(db);
    return rows;
  }
  return {
    list,
    async add({ purpose, partner, month, wrapped }) {
      await sql`insert into wrapped_key (purpose, partner, month, wrapped)
        values (${purpose}, ${partner}, ${month}, ${Buffer.from(wrapped)})
        on conflict (purpose, partner, month) do nothing`.execute(db);
      const stored = (await list()).find(
        (key) => key.purpose === purpose && key.partner === partner && key.month === month,
      );
      if (stored === undefined) throw new Error('a key was added and is gone');
      return stored;
    },
  };
}
