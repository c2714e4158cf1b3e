import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acceptFile } from '../../src/app/accept-file.ts';
import { foldersUnderTest, type FoldersUnderTest } from '../adapters/files/folders-under-test.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, type Workbench } from './a-workbench.ts';

let api: FakeLeadsApi;
let bench: Workbench;
let the: FoldersUnderTest;

beforeAll(async () => {
  api = await startFakeLeadsApi();
  bench = await aWorkbench('accept', api.url);
  the = await foldersUnderTest();
});
afterAll(async () => {
  await the.remove();
  await bench.close();
  await api.close();
});

it('gives a file that waits for its hour a receipt in the outbox', async () => {
  const dueAt = new Date(Date.now() + 3_600_000);
  const claimed = await the.claimed('nightly.csv', 'ID;NIF\n1;12345678Z\n');
  const ports = { ...bench.ports, folders: the.folders, nextRun: () => dueAt };
  const accepted = await acceptFile(ports, claimed, { actor: 'test' });

  const receipt = JSON.parse(await readFile(join(the.root, 'outbox/acme/nightly.csv.received.json'), 'utf8'));
  expect(receipt).toMatchObject({
    fileId: accepted.file.id,
    partner: 'acme',
    kind: 'leads',
    sha256: claimed.sha256,
    bytes: claimed.bytes,
    dueAt: dueAt.toISOString(),
  });
  expect(await bench.ports.ledger.filesDue()).toEqual([]);
});

it('gives none to a file that is worked on at once', async () => {
  const claimed = await the.claimed('now.csv', 'ID;NIF\n2;12345678Z\n');
  await acceptFile({ ...bench.ports, folders: the.folders, nextRun: () => null }, claimed, { actor: 'test' });
  await expect(readFile(join(the.root, 'outbox/acme/now.csv.received.json'))).rejects.toThrow('ENOENT');
});
