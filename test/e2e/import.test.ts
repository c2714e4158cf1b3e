import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startFakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync } from '../support/leadsync-process.ts';
import { createInstallation } from './installation.ts';
import { leadsCsv } from './leads-file.ts';

interface StatusJson {
  readonly rows: { readonly lead: Readonly<Record<string, number>> };
}

it('import works one file to its end, and leaves nothing on its way when it is told to stop', async () => {
  const api = await startFakeLeadsApi();
  const installation = await createInstallation('import', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
  const rowsByState = async () => {
    const { stdout } = await runLeadsync(['status', '--json'], installation.env);
    return (JSON.parse(stdout) as StatusJson).rows.lead;
  };
  const small = join(installation.home, 'leads-small.csv');
  await writeFile(small, leadsCsv(3, 'S-'));
  const done = await runLeadsync(['import', small, '--partner', 'acme'], installation.env);
  expect(done.code, done.output).toBe(0);
  expect(done.stdout).toContain('settled');

  const large = join(installation.home, 'leads-large.csv');
  await writeFile(large, leadsCsv(1500, 'L-'));
  const stopped = startLeadsync(['import', large, '--partner', 'acme'], installation.env);
  await api.seen(100);
  expect(await stopped.end('SIGTERM'), stopped.output()).toBe(1);
  expect(stopped.output()).toContain('leadsync run');
  const rows = await rowsByState();
  expect(rows['registered']).toBe(api.creates.length);
  expect(rows['submitting'] ?? 0).toBe(0);

  await api.close();
  await installation.remove();
});
