import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeyStore } from '../../../src/adapters/ledger/key-store.ts';
import { migrateLedger } from '../../../src/adapters/ledger/migrate.ts';
import { readStamp, stampLedger } from '../../../src/adapters/ledger/stamp.ts';
import { aLedger, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('stamp');
});
afterAll(() => the.close());

const mine = { environment: 'test', keyFingerprint: 'fingerprint' };

test('a ledger is stamped at its first start and refuses another environment or key afterwards', async () => {
  expect(await readStamp(the.db)).toBeNull();
  const [first, second] = await Promise.all([stampLedger(the.db, mine), stampLedger(the.db, mine)]);
  expect(first).toEqual(second);
  expect(first).toMatchObject(mine);

  await expect(stampLedger(the.db, { ...mine, environment: 'production' })).rejects.toMatchObject({
    code: 'CONFIG_ENVIRONMENT_MISMATCH',
    message: expect.stringMatching(/expected test.*got production/),
  });
  await expect(stampLedger(the.db, { ...mine, keyFingerprint: 'another' })).rejects.toMatchObject({
    code: 'CONFIG_KEY_MISMATCH',
    message: expect.stringMatching(/expected.*got/),
  });
  expect(await readStamp(the.db)).toEqual(first);
});

test('a ledger that is up to date is migrated to what it is, by many at once', async () => {
  expect(await Promise.all([1, 2, 3].map(() => migrateLedger(the.owner, { runtimeRole: 'leadsync_runtime' })))).toEqual(
    [[], [], []],
  );
});

test('a key that is added twice at once is stored once, and both get the one that is stored', async () => {
  const keys = createKeyStore(the.db);
  const key = { purpose: 'data', partner: 'raced', month: '2026-11' } as const;
  const added = await Promise.all(
    ['one', 'two'].map((text) => keys.add({ ...key, wrapped: Buffer.from(text) }, 'a secret')),
  );
  expect(added[0]).toEqual(added[1]);
  expect((await keys.list()).filter(({ partner }) => partner === 'raced')).toEqual([added[0]]);
});
