import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync, thisCheckout, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { testRedisUrl } from '../support/redis.ts';
import { tracesInDatabase } from '../support/traces-in-database.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, leadsCsv, nifOf } from './leads-file.ts';

let api: FakeLeadsApi;
let installation: Installation;
let service: LeadsyncProcess;

beforeAll(async () => {
  api = await startFakeLeadsApi();
  const redisUrl = testRedisUrl();
  installation = await createInstallation('erase', api, {
    LOG_LEVEL: 'debug',
    ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
  });
  service = startLeadsync(['run'], installation.env);
  await service.ready();
});
afterAll(async () => {
  await service.end('SIGTERM');
  await installation.remove();
  await api.close();
});

const inbox = () => join(installation.home, 'inbox');
const theirs = [nifOf(2), 'CRM-2', '600000002'];

/** In which files below the home one of their values stands. */
async function filesWithTraces(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(installation.home, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, 'latin1').catch(() => '');
    if (theirs.some((value) => text.includes(value) || entry.name.includes(value))) found.push(path);
  }
  return found;
}

it('erases somebody beside a service at work: nothing of them is left in files, spool or log, and they do not come back', async () => {
  await drop(inbox(), 'acme', 'leads-one.csv', leadsCsv(3, 'CRM-'));
  await drop(inbox(), 'acme', 'updates-one.csv', 'partnerLeadId;estado;observacion\nCRM-2;7;CRM-2 llama mañana\n');
  expect((await installation.results('acme', 'leads-one.csv')).map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: 3 }, () => 'registered'),
  );
  await installation.results('acme', 'updates-one.csv');
  expect((await filesWithTraces()).length).toBeGreaterThanOrEqual(4);

  const erase = ['erase', '--nif', '-', '--reason', 'request 118', '--yes'];
  const erased = await runLeadsync(erase, installation.env, thisCheckout, `${nifOf(2)}\n`);
  expect([erased.code, erased.output]).toEqual([0, expect.stringContaining('erasure 1 is done: 2 rows erased')]);
  // A second name that was kept for late writes goes with the others.
  expect(await filesWithTraces()).toEqual([]);
  expect(await tracesInDatabase(installation.database.db, theirs)).toEqual([]);
  const [first, second, third] = await installation.results('acme', 'leads-one.csv');
  expect([first?.['partnerLeadId'], third?.['partnerLeadId']]).toEqual(['CRM-1', 'CRM-3']);
  expect(second).toMatchObject({
    partnerLeadId: '',
    outcome: 'registered',
    code: 'ROW_ERASED',
    leadId: expect.stringMatching(/^F\d/),
  });

  const [creates, calls] = [api.creates.length, api.calls.length];
  await drop(inbox(), 'acme', 'leads-two.csv', leadsCsv(3, 'CRM-').replace('Nombre', 'Nombre '));
  const again = await installation.results('acme', 'leads-two.csv');
  expect(again.map(({ outcome, code }) => `${outcome} ${code}`)).toEqual([
    'duplicate ROW_DUPLICATE',
    'rejected ROW_SUPPRESSED',
    'duplicate ROW_DUPLICATE',
  ]);
  expect([api.creates.length, api.calls.length]).toEqual([creates, calls]);
  await eventually('the record of the later file to be blanked', async () => (await filesWithTraces()).length === 0);
  // What is sealed was there before the erasure and after it. Other transactions of the server may hold a seal back.
  const verify = () => runLeadsync(['audit', 'verify'], installation.env);
  await eventually('a seal', async () => / [1-9]\d* seals/.test((await verify()).output));
  await service.end('SIGTERM');
  expect(theirs.filter((value) => service.output().includes(value))).toEqual([]);
  const audit = await verify();
  expect([audit.code, audit.output]).toEqual([0, expect.stringMatching(/as it was sealed, up to seal \d/)]);
  expect(await tracesInDatabase(installation.database.db, theirs)).toEqual([]);
});
