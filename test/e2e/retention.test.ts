import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync } from '../support/leadsync-process.ts';
import { createInstallation } from './installation.ts';
import { drop, leadsCsv, plainPartner } from './leads-file.ts';

it('shows what is past its time, takes it while the service runs, and shows each row as blocked', async () => {
  const api = await startFakeLeadsApi();
  const the = await createInstallation('retention', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
  await writeFile(
    join(the.home, 'partners', 'acme.yaml'),
    `${plainPartner('acme')}archive: { keep: 30d }\nretention: { rows: 60d, states: { registered: 40d }, block: 10d }\n`,
  );
  const service = startLeadsync(['run'], the.env);
  await service.ready();
  await drop(join(the.home, 'inbox'), 'acme', 'leads-1.csv', leadsCsv(5, 'ONE-'));
  await the.results('acme', 'leads-1.csv');
  const { db } = the.database;
  await eventually('the archive', async () => (await readdir(join(the.home, 'archive', 'acme'))).length === 1);
  // The result is there a moment before the ledger says so.
  await eventually('the settled file', async () => {
    const { rows } = await sql<{ state: string }>`select state from file`.execute(db);
    return rows[0]?.state === 'settled';
  });
  await sql`update ledger_row set updated_at = updated_at - interval '50 days'`.execute(db);
  await sql`update file set arrived_at = arrived_at - interval '50 days',
    settled_at = settled_at - interval '50 days'`.execute(db);

  const preview = await runLeadsync(['retention', '--json'], the.env);
  expect(preview.code, preview.output).toBe(0);
  expect(JSON.parse(preview.stdout)).toEqual({
    rows: [{ partner: 'acme', state: 'registered', rows: 5 }],
    blocked: 0,
    blockedPast: 0,
    files: 1,
    results: 0,
    keys: [],
    kept: [],
    notValid: [],
  });
  const told = await runLeadsync(['retention'], the.env);
  expect(told.stdout).toMatch(/^acme +registered +5$/m);
  expect((await runLeadsync(['retention', 'run'], the.env)).output).toContain('--reason: expected why');
  const run = await runLeadsync(['retention', 'run', '--reason', 'review', '--json'], the.env);
  expect(JSON.parse(run.stdout)).toEqual({ rows: 5, files: 1, results: 0, keys: 0, notRemoved: 0 });
  expect(await readdir(join(the.home, 'archive', 'acme'))).toEqual([]);

  const { rows } = await sql<{ id: string }>`select id::text as id from ledger_row order by id limit 1`.execute(db);
  const row = rows[0]?.id ?? '';
  const shown = await runLeadsync(['lead', row], the.env);
  expect(shown.stdout).toContain('ROW_BLOCKED');
  expect(shown.stdout).not.toContain('ONE-');
  expect((await runLeadsync(['retention', 'open', row, '--reason', 'x'], the.env)).output).toContain(
    'DATABASE_ADMIN_URL: expected the owner of the schema',
  );
  const asOwner = { ...the.env, DATABASE_ADMIN_URL: the.adminUrl };
  const opened = await runLeadsync(['retention', 'open', row, '--reason', 'court order 7/2026'], asOwner);
  expect(opened.code, opened.output).toBe(0);
  expect(opened.stdout).toContain('ONE-1');
  expect((await runLeadsync(['retention', 'open', '999', '--reason', 'x'], asOwner)).code).toBe(2);
  await service.end('SIGTERM');
  await api.close();
  await the.remove();
});
