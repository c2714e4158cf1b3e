import { Buffer } from 'node:buffer';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createKeptBytes } from '../../../src/adapters/crypto/kept-bytes.ts';
import { createVault } from '../../../src/adapters/crypto/vault.ts';
import { openDatabase, type LedgerDatabase } from '../../../src/adapters/ledger/database.ts';
import { createKeyStore } from '../../../src/adapters/ledger/key-store.ts';
import { sql } from 'kysely';
import type { World } from '../world/world.ts';
import type { Writing } from './evidence.ts';

type Vault = Awaited<ReturnType<typeof createVault>>;

/** The one place where the checker asks leadsync: it alone opens what it has sealed, in rows and in the archive. */
export async function readKept(world: World): Promise<readonly Writing[]> {
  const { db, close } = openDatabase(world.postgres.url(), { max: 1 });
  try {
    const secret = Buffer.from(world.env['LEADSYNC_SECRET_KEY'] ?? '', 'base64');
    const vault = await createVault({ secret, keyStore: createKeyStore(db), now: () => new Date() });
    return [...(await inRows(db, vault)), ...(await inFiles(world.home, vault))];
  } finally {
    await close();
  }
}

async function inRows(db: LedgerDatabase, vault: Vault): Promise<readonly Writing[]> {
  const { rows } = await sql<{ place: string; keyId: number; sealed: Buffer }>`
    select 'row ' || id as place, key_id as "keyId", payload as sealed from ledger_row where length(payload) > 0
    union all select 'the message of row ' || id, key_id, message from ledger_row where message is not null
    union all select 'the name of file ' || id, key_id, name from file where length(name) > 0`.execute(db);
  return Promise.all(
    rows.map(async ({ place, keyId, sealed }) => ({ place, text: (await vault.keyById(keyId)).open(sealed) })),
  );
}

async function inFiles(home: string, vault: Vault): Promise<readonly Writing[]> {
  const bytes = createKeptBytes(vault, { archive: join(home, 'archive'), rejected: join(home, 'rejected') });
  const writings: Writing[] = [];
  for (const entry of await readdir(home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const plain = bytes.isSealed(path)
      ? Buffer.concat(await Array.fromAsync(bytes.read(path, 0)))
      : await readFile(path);
    writings.push({ place: relative(home, path), text: plain.toString() });
  }
  return writings;
}
