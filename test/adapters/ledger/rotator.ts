import { rotateKeys } from '../../../src/adapters/crypto/rotate-keys.ts';
import { openDatabase } from '../../../src/adapters/ledger/database.ts';
import { createKeyStore } from '../../../src/adapters/ledger/key-store.ts';

/** A process that rotates the key table: `rotator.ts DATABASE-URL OLD NEW`, the secrets in base64. */
const [url = '', old = '', next = ''] = process.argv.slice(2);
const { db, close } = openDatabase(url, { max: 1 });
const secrets = { old: Buffer.from(old, 'base64'), new: Buffer.from(next, 'base64') };
const { kind } = await rotateKeys(createKeyStore(db), secrets, null, { actor: 'cli:test', reason: 'yearly' });
process.stdout.write(kind);
await close();
