import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi } from '../support/fake-leads-api.ts';
import { smallDisk } from '../support/full-disk.ts';
import { runLeadsync, startLeadsync } from '../support/leadsync-process.ts';
import { createInstallation } from './installation.ts';
import { drop, leadsCsv } from './leads-file.ts';

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const undo of opened.splice(0).toReversed()) await undo();
});

it('a full archive loses nothing and holds nothing up: a person is told, and with room it ends by itself', async ({
  skip,
}) => {
  const api = await startFakeLeadsApi();
  opened.push(() => api.close());
  const the = await createInstallation('full archive', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
  opened.push(() => the.remove());
  const archive = join(the.home, 'archive');
  const disk = await smallDisk(archive);
  if (disk === null) return skip('no file system of our own can be mounted here');
  opened.push(() => disk.remove());
  const service = startLeadsync(['run'], the.env);
  opened.push(() => service.end('SIGTERM'));
  await service.ready();
  await disk.fill();
  await drop(join(the.home, 'inbox'), 'acme', 'leads-1.csv', leadsCsv(5, 'ONE-'));
  expect((await the.results('acme', 'leads-1.csv')).map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: 5 }, () => 'registered'),
  );
  const red = await eventually('status to say so', async () => {
    const status = await runLeadsync(['status'], the.env);
    return status.output.includes('FILE_NOT_KEPT') ? status : undefined;
  });
  expect(red.code).toBe(1);
  expect(red.output.replaceAll(/\s+/g, ' ')).toMatch(
    /1 file of acme can not be put into archive\/ .*\(ENOSPC\)\. Make room/,
  );
  const doctor = await runLeadsync(['doctor'], the.env);
  expect([doctor.code, doctor.output]).toEqual([2, expect.stringContaining('expected room on its file system')]);
  const taken = await readdir(join(the.home, 'inbox', 'acme', '.taken'), { recursive: true });
  expect(taken.filter((path) => path.endsWith('.archived-1/leads-1.csv'))).toHaveLength(1);

  await disk.makeRoom();
  await eventually('the file to be put away', async () =>
    (await readdir(join(archive, 'acme'))).includes('1.csv.sealed'),
  );
  await eventually('status to be well', async () => (await runLeadsync(['status'], the.env)).code === 0);
  const saved = join(the.home, 'saved.csv');
  const took = await runLeadsync(['file', '1', '--save-as', saved, '--reason', 'a look'], the.env);
  expect([took.code, await readFile(saved, 'utf8')]).toEqual([0, leadsCsv(5, 'ONE-')]);
});
