import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync } from '../support/leadsync-process.ts';
import { createInstallation } from './installation.ts';
import { drop, leadsCsv } from './leads-file.ts';

it('a service that runs with the key before takes in nothing more and is named until it has the new one', async () => {
  const api = await startFakeLeadsApi();
  const the = await createInstallation('key rotation', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
  const old = the.env['LEADSYNC_SECRET_KEY'] ?? '';
  const renewed = { ...the.env, LEADSYNC_SECRET_KEY: randomBytes(32).toString('base64') };
  const service = startLeadsync(['run'], the.env);
  await service.ready();
  await drop(join(the.home, 'inbox'), 'acme', 'leads-1.csv', leadsCsv(5, 'ONE-'));
  await the.results('acme', 'leads-1.csv');

  const rotate = (env: Readonly<Record<string, string>>) =>
    runLeadsync(['key', 'rotate', '--reason', 'yearly', '--json'], env);
  const wrong = await rotate({ ...renewed, LEADSYNC_SECRET_KEY_OLD: randomBytes(32).toString('base64') });
  expect([wrong.code, wrong.output]).toEqual([2, expect.stringContaining('CONFIG_KEY_MISMATCH')]);
  expect((await rotate(renewed)).output).toContain('LEADSYNC_SECRET_KEY_OLD: expected the key before');
  const rotated = await rotate({ ...renewed, LEADSYNC_SECRET_KEY_OLD: old });
  expect(rotated.code, rotated.output).toBe(0);
  expect(JSON.parse(rotated.stdout)).toMatchObject({ rotated: true });
  expect(rotated.output).not.toContain(old);

  await eventually('the service to say so', async () => service.output().includes('CONFIG_KEY_ROTATED'));
  await drop(join(the.home, 'inbox'), 'acme', 'leads-2.csv', leadsCsv(5, 'TWO-'));
  const named = await eventually('status to name it', async () => {
    const { code, stdout } = await runLeadsync(['status', '--json'], renewed);
    const { needsPerson } = JSON.parse(stdout) as { needsPerson: { alarm: string; what: string; then: string }[] };
    const need = needsPerson.find(({ alarm }) => alarm === `key-rotated:${hostname()}`);
    return need === undefined ? undefined : { code, ...need };
  });
  expect(named.code).toBe(1);
  expect(named.what).toContain(`(pid ${service.child.pid})`);
  expect(named.then).toContain('the new key and start it again');
  expect(await readdir(join(the.home, 'inbox', 'acme'))).toContain('leads-2.csv');
  await service.end('SIGTERM');

  const stale = await runLeadsync(['status'], the.env);
  expect([stale.code, stale.output]).toEqual([2, expect.stringContaining('CONFIG_KEY_ROTATED')]);
  const again = startLeadsync(['run'], renewed);
  await again.ready();
  expect((await the.results('acme', 'leads-2.csv')).map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: 5 }, () => 'registered'),
  );
  expect((await runLeadsync(['status'], renewed)).output).not.toContain('CONFIG_KEY_ROTATED');
  // Known by the same hashes: nothing is created twice.
  await drop(join(the.home, 'inbox'), 'acme', 'leads-3.csv', `${leadsCsv(5, 'ONE-')}\n`);
  await eventually('the repeats', async () => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ledger_row
      where state = 'duplicate'`.execute(the.database.db);
    return rows[0]?.n === 5;
  });
  expect(api.creates).toHaveLength(10);
  await again.end('SIGTERM');
  await api.close();
  await the.remove();
});
