import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cronSchedules } from '../../src/adapters/schedule/cron-schedule.ts';
import { acceptFile, type AcceptPorts } from '../../src/app/accept-file.ts';
import { nightOf } from '../../src/domain/night.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { foldersUnderTest, type FoldersUnderTest } from '../adapters/files/folders-under-test.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, type Workbench } from './a-workbench.ts';

const nightly = { cron: '0 2 * * *', timeZone: 'Europe/Madrid' };

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

/** The ports of an intake whose partner has a schedule, or none. */
function portsOf(schedule: Partner['schedule'] = null): AcceptPorts {
  const partner = { ...bench.partner, schedule };
  return {
    ...bench.ports,
    folders: the.folders,
    nights: bench.nights,
    schedules: cronSchedules,
    partners: { ...bench.ports.partners, get: () => partner },
  };
}

it('gives a file that waits for its hour a receipt in the outbox', async () => {
  const claimed = await the.claimed('nightly.csv', 'ID;NIF\n1;12345678Z\n');
  const { file } = await acceptFile(portsOf(nightly), claimed, { actor: 'test' });

  const receipt = JSON.parse(await readFile(join(the.root, 'outbox/acme/nightly.csv.received.json'), 'utf8'));
  const dueAt = cronSchedules.next(nightly, file.arrivedAt);
  expect(receipt).toMatchObject({
    fileId: file.id,
    partner: 'acme',
    kind: 'leads',
    sha256: claimed.sha256,
    bytes: claimed.bytes,
    dueAt: dueAt.toISOString(),
  });
  expect(file).toMatchObject({ waitsForRun: true, night: nightOf(dueAt, nightly.timeZone) });
  expect(await bench.ports.ledger.filesDue()).toEqual([]);
});

it('lets a file go with the run that began while it was arriving, and gives no receipt', async () => {
  const claimed = await the.claimed('at-two.csv', 'ID;NIF\n5;12345678Z\n');
  await bench.nights.noteExpected('acme', []);
  const hourAt = new Date(Date.now() + 1_000);
  await bench.nights.beginRun({ partner: 'acme', night: '2026-11-24', hourAt, passed: 0 }, 'leader');
  const seenBefore = { ...claimed, firstSeenMs: bench.ports.clock.monotonicMs() - 60_000 };
  const { file } = await acceptFile(portsOf(nightly), seenBefore, { actor: 'test' });
  const due = await bench.ports.ledger.filesDue();
  expect(due).toContainEqual(expect.objectContaining({ id: file.id, night: '2026-11-24' }));
  await expect(readFile(join(the.root, 'outbox/acme/at-two.csv.received.json'))).rejects.toThrow('ENOENT');
});

it('knows a file that is at work after a copy of it was turned away, whatever is claimed first after a crash', async () => {
  const text = 'ID;NIF\n33;12345678Z\n';
  const ports = portsOf();
  const original = await the.claimed('original.csv', text);
  const { file } = await acceptFile(ports, original, { actor: 'test' });
  const copy = await the.claimed('copy.csv', text);
  expect(await acceptFile(ports, copy, { actor: 'test' })).toMatchObject({
    kind: 'refused',
    code: 'FILE_ALREADY_IMPORTED',
  });

  expect(await acceptFile(ports, original, { actor: 'test' })).toMatchObject({
    kind: 'accepted',
    file: { id: file.id },
  });
});

it('leaves both copies of the same bytes to the files that wait for them under two configs', async () => {
  const text = 'ID;NIF\n44;12345678Z\n';
  const ports = portsOf();
  const original = await the.claimed('monday.csv', text);
  const { file: first } = await acceptFile(ports, original, { actor: 'test' });
  const edited = { ...bench.partner, version: 'edited' };
  const editedPorts = { ...ports, partners: { ...ports.partners, get: () => edited } };
  const copy = await the.claimed('tuesday.csv', text);
  const { file: second } = await acceptFile(editedPorts, copy, { actor: 'test' });

  // A crash, and both are looked at again, in any order.
  for (const [claimed, file] of [
    [copy, second],
    [original, first],
    [copy, second],
  ] as const)
    expect(await acceptFile(editedPorts, claimed, { actor: 'test' })).toMatchObject({
      kind: 'accepted',
      file: { id: file.id },
    });

  // A third is nobody's.
  const third = await the.claimed('wednesday.csv', text);
  expect(await acceptFile(editedPorts, third, { actor: 'test' })).toMatchObject({ code: 'FILE_ALREADY_IMPORTED' });

  // The first copy that is found serves whoever is read first; the other one stays for the other.
  await bench.ports.ledger.startReading(second.id, 'test');
  await bench.ports.ledger.finishReading(second.id, 'test');
  await the.folders.archive(original, second.id);
  expect(await acceptFile(editedPorts, copy, { actor: 'test' })).toMatchObject({ file: { id: first.id } });
  expect(await the.folders.listClaimed()).toContainEqual(expect.objectContaining({ name: 'tuesday.csv' }));
});

it('gives none to a file that is worked on at once', async () => {
  const claimed = await the.claimed('now.csv', 'ID;NIF\n2;12345678Z\n');
  await acceptFile(portsOf(), claimed, { actor: 'test' });
  await expect(readFile(join(the.root, 'outbox/acme/now.csv.received.json'))).rejects.toThrow('ENOENT');
});

it('puts a file away that was held at its end, when the process died before it did', async () => {
  const claimed = await the.claimed('held.csv', 'ID;NIF\n3;12345678Z\n');
  const ports = portsOf();
  const { file } = await acceptFile(ports, claimed, { actor: 'test' });
  await bench.ports.ledger.startReading(file.id, 'test');
  await bench.ports.ledger.finishReading(file.id, 'test', {
    problems: [{ code: 'FILE_HEADER_CHANGED' }],
    firstRows: 0,
  });
  expect(await acceptFile(ports, claimed, { actor: 'test' })).toMatchObject({
    kind: 'accepted',
    file: { id: file.id },
  });
  expect(await the.folders.isArchived('acme', file.id)).toBe(true);
  expect(await the.folders.listClaimed()).not.toContainEqual(expect.objectContaining({ sha256: file.sha256 }));
});
