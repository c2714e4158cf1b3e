import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rotateKeys } from '../../../src/adapters/crypto/rotate-keys.ts';
import { createVault, type StampedVault } from '../../../src/adapters/crypto/vault.ts';
import { openDatabase, openForMigration } from '../../../src/adapters/ledger/database.ts';
import { createKeyStore } from '../../../src/adapters/ledger/key-store.ts';
import { createLedgerDatabase, type LedgerTestDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';

let database: LedgerTestDatabase;
let mine: ReturnType<typeof openDatabase>;
let owner: ReturnType<typeof openForMigration>;
let before: Uint8Array;
let after: Uint8Array;
let vault: StampedVault;
let sealed: { readonly keyId: number; readonly bytes: Uint8Array };

beforeEach(async () => {
  database = await createLedgerDatabase('key rotation');
  mine = openDatabase(database.url);
  owner = openForMigration(database.adminUrl);
  [before, after] = [randomBytes(32), randomBytes(32)];
  vault = await open(before);
  const key = await vault.keyFor('acme');
  await vault.keyFor('norte');
  sealed = { keyId: key.id, bytes: key.seal('Ana Inventada') };
});
afterEach(async () => {
  await mine.close();
  await owner.close();
  await database.drop();
});

const act = { actor: 'cli:test', reason: 'yearly' };
const open = (secret: Uint8Array) =>
  createVault({ secret, keyStore: createKeyStore(mine.db), now: () => new Date('2026-11-28T12:00:00Z') });
const rotate = (old = before, next = after, fingerprint: string | null = vault.fingerprint()) =>
  rotateKeys(createKeyStore(mine.db), { old, new: next }, fingerprint, act);

async function wrapped(): Promise<readonly string[]> {
  const keys = await createKeyStore(mine.db).list();
  return keys.map((key) => Buffer.from(key.wrapped).toString('hex'));
}

async function expectOpen(secret: Uint8Array): Promise<void> {
  const opened = await open(secret);
  expect((await opened.keyById(sealed.keyId)).open(sealed.bytes)).toBe('Ana Inventada');
  // Promise 3: every lead is recognised as before.
  expect(opened.fingerprint()).toBe(vault.fingerprint());
  expect(opened.mac('identity', 'CRM-1')).toBe(vault.mac('identity', 'CRM-1'));
}

it('wraps every key anew and changes none: what was sealed opens, and every hash is what it was', async () => {
  const was = await wrapped();
  expect(await rotate()).toEqual({ kind: 'rotated', keys: 3 });
  expect((await wrapped()).filter((key) => was.includes(key))).toEqual([]);
  await expectOpen(after);
  await expect(open(before)).rejects.toMatchObject({ code: 'CONFIG_KEY_ROTATED' });
  await expect(open(randomBytes(32))).rejects.toMatchObject({ code: 'CONFIG_KEY_MISMATCH' });
  const { rows } = await sql`select actor, action, reason, detail from audit_event
    where action like 'key.%'`.execute(mine.db);
  expect(rows).toEqual([{ actor: 'cli:test', action: 'key.rotated', reason: 'yearly', detail: { keys: 3 } }]);
});

it('may go on to a third key, and back to the first one', async () => {
  const third = randomBytes(32);
  await rotate();
  await rotate(after, third);
  await expectOpen(third);
  await rotate(third, before);
  await expectOpen(before);
  await expect(open(after)).rejects.toMatchObject({ code: 'CONFIG_KEY_ROTATED' });
});

it('changes nothing with a wrong old key, with one key for both, or where the identity key is not that of the ledger', async () => {
  const was = await wrapped();
  await expect(rotate(randomBytes(32))).rejects.toMatchObject({ code: 'CONFIG_KEY_MISMATCH' });
  await expect(rotate(before, before)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  await expect(rotate(before, after, 'another fingerprint')).rejects.toMatchObject({
    code: 'CONFIG_KEY_MISMATCH',
    message: expect.stringContaining('identity key'),
  });
  expect(await wrapped()).toEqual(was);
  await expectOpen(before);
});

it('is done once by two at once, and by one that repeats it', async () => {
  const done = await Promise.all([rotate(), rotate()]);
  expect(done.map(({ kind }) => kind).toSorted()).toEqual(['done_before', 'rotated']);
  expect((await rotate()).kind).toBe('done_before');
  await expectOpen(after);
});

it('leaves a service its opened keys; what it would have to open or make anew is refused with the code', async () => {
  const key = await vault.keyFor('acme');
  expect(await vault.isRotated()).toBe(false);
  await rotate();
  expect(await vault.isRotated()).toBe(true);
  expect((await vault.keyById(sealed.keyId)).open(sealed.bytes)).toBe('Ana Inventada');
  expect((await vault.keyFor('acme')).id).toBe(key.id);
  await expect(vault.keyFor('sur')).rejects.toMatchObject({ code: 'CONFIG_KEY_ROTATED' });
  const others = await (await open(after)).keyFor('sur');
  await expect(vault.keyById(others.id)).rejects.toMatchObject({ code: 'CONFIG_KEY_ROTATED' });
  expect(await createKeyStore(mine.db).list()).toHaveLength(4);
});

/** Holds rotations back between their writing and their commit. */
async function whileHeldBack(work: (isWaiting: () => Promise<boolean>) => Promise<void>): Promise<void> {
  await owner.db.transaction().execute(async (transaction) => {
    await sql`lock table audit_event in exclusive mode`.execute(transaction);
    await work(async () => {
      const { rows } = await sql<{ some: boolean }>`select exists (select from pg_locks
        where not granted and relation = 'audit_event'::regclass) as some`.execute(transaction);
      return rows[0]?.some === true;
    });
  });
}

it('killed before it commits, it has not happened', async () => {
  const was = await wrapped();
  const rotator = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('rotator.ts', import.meta.url)),
      database.url,
      Buffer.from(before).toString('base64'),
      Buffer.from(after).toString('base64'),
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  await whileHeldBack(async (isWaiting) => {
    await eventually('the rotation to have written', isWaiting);
    rotator.kill('SIGKILL');
    await once(rotator, 'close');
  });
  await eventually('its connection to be gone', async () => {
    const { rows } = await sql`select from pg_locks where locktype = 'advisory' and database =
      (select oid from pg_database where datname = current_database())`.execute(mine.db);
    return rows.length === 0;
  });
  expect(await wrapped()).toEqual(was);
  await expectOpen(before);
  expect((await rotate()).kind).toBe('rotated');
  await expectOpen(after);
});

it('no key is made by the old secret behind its back', async () => {
  let rotation: Promise<unknown> = Promise.resolve();
  let made: Promise<unknown> = Promise.resolve();
  await whileHeldBack(async (isWaiting) => {
    rotation = rotate();
    await eventually('the rotation to have written', isWaiting);
    made = vault.keyFor('sur').catch((error: { readonly code?: string }) => error.code);
    await eventually('the new key to wait', async () => {
      const { rows } = await sql`select from pg_locks where not granted and locktype = 'advisory' and database =
        (select oid from pg_database where datname = current_database())`.execute(mine.db);
      return rows.length > 0;
    });
  });
  await rotation;
  expect(await made).toBe('CONFIG_KEY_ROTATED');
  await expectOpen(after);
});
