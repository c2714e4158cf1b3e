import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { localTimeAt } from '../../src/domain/local-time.ts';
import { nightOf } from '../../src/domain/night.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, leadsCsv, plainPartner } from './leads-file.ts';

const timeZone = 'Europe/Madrid';

let api: FakeLeadsApi;
let installation: Installation;
let services: LeadsyncProcess[];

beforeEach(async () => {
  api = await startFakeLeadsApi();
  installation = await createInstallation('nights', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
  services = [];
});
afterEach(async () => {
  await Promise.all(services.map((service) => service.end('SIGTERM')));
  await api.close();
  await installation.remove();
});

async function start(): Promise<LeadsyncProcess> {
  const service = startLeadsync(['run'], installation.env);
  services.push(service);
  await service.ready();
  return service;
}

/** An hour that will not come while the test runs: twelve from now. */
function twelveHoursOff(): { readonly cron: string; readonly at: Date } {
  const at = new Date(Math.floor(Date.now() / 60_000) * 60_000 + 12 * 3_600_000);
  const [hour, minute] = localTimeAt(at, timeZone).time.split(':').map(Number);
  return { cron: `${minute} ${hour} * * *`, at };
}

async function configure(more: string): Promise<void> {
  await writeFile(join(installation.home, 'partners', 'acme.yaml'), `${plainPartner('acme')}\n${more}\n`);
}

const inbox = (): string => join(installation.home, 'inbox');

/** As if the service had last looked so long ago. */
async function lookedBefore(interval: string): Promise<void> {
  await sql`update partner_watch set looked_to = clock_timestamp() - ${interval}::interval`.execute(
    installation.database.db,
  );
}

async function report(): Promise<{ readonly code: number | null; readonly json: Report }> {
  const night = nightOf(new Date(), timeZone);
  const { code, stdout } = await runLeadsync(['report', '--night', night, '--json'], installation.env);
  return { code, json: JSON.parse(stdout) as Report };
}

interface Report {
  readonly partners: readonly {
    readonly run: { readonly passed: number } | null;
    readonly expected: readonly { readonly state: string }[];
    readonly outcomes: { readonly lead?: Readonly<Record<string, number>> };
  }[];
  readonly needsPerson: readonly { readonly alarm: string; readonly isUrgent: boolean }[];
}

it('keeps a file for its hour, goes on after a night without a service, and makes up for it once', async () => {
  const { cron, at } = twelveHoursOff();
  await configure(`schedule: { cron: "${cron}", timeZone: ${timeZone} }`);
  const first = await start();
  await drop(inbox(), 'acme', 'leads-by-day.csv', leadsCsv(5));
  const receipt = await eventually('the receipt', async () => {
    const path = join(installation.home, 'outbox', 'acme', 'leads-by-day.csv.received.json');
    return readFile(path, 'utf8').catch(() => null);
  });
  expect(new Date((JSON.parse(receipt) as { dueAt: string }).dueAt)).toEqual(at);
  expect(await first.end('SIGTERM')).toBe(0);

  // Two hours go by while nothing runs; one more file lies there when it starts again.
  await lookedBefore('2 days');
  await drop(inbox(), 'acme', 'leads-meanwhile.csv', leadsCsv(3, 'M-'));
  await start();
  expect(await installation.results('acme', 'leads-by-day.csv')).toHaveLength(5);
  expect(await installation.results('acme', 'leads-meanwhile.csv')).toHaveLength(3);
  const { rows: runs } = await sql<{ n: number; passed: number }>`select count(*)::int as n, sum(passed)::int as passed
    from night_run`.execute(installation.database.db);
  expect(runs).toEqual([{ n: 1, passed: 1 }]);
  expect(api.creates).toHaveLength(8);

  // What comes now waits for the next hour, unless somebody lets it go.
  await drop(inbox(), 'acme', 'leads-late.csv', leadsCsv(2, 'L-'));
  const late = await eventually('the late file', async () => {
    const { rows } = await sql<{ id: string }>`select id::text as id from file where run = 'waiting'`.execute(
      installation.database.db,
    );
    return rows[0]?.id;
  });
  const now = await runLeadsync(['file', late, '--now', '--reason', 'came late'], installation.env);
  expect(now.code).toBe(0);
  expect(await installation.results('acme', 'leads-late.csv')).toHaveLength(2);
});

it('is red while a file is missing and nobody knows, and shows the night with what came', async () => {
  const by = localTimeAt(new Date(), timeZone).time;
  await configure(`expect: [{ kind: leads, files: 1, by: "${by}", from: "${by}" }]`);
  await start();
  await eventually('a watch', async () => {
    const { rows } = await sql`update partner_watch set expects = (
      select jsonb_object_agg(key, '2026-01-01T00:00:00Z'::text) from jsonb_object_keys(expects) as key)
      where expects <> '{}' returning partner`.execute(installation.database.db);
    return rows.length > 0;
  });
  const { stdout, code } = await runLeadsync(['ack', '--json'], installation.env);
  const [missing] = JSON.parse(stdout) as Report['needsPerson'];
  expect([code, missing]).toMatchObject([1, { isUrgent: true, alarm: expect.stringMatching(/^missing:acme:leads:/) }]);
  const known = ['ack', missing?.alarm ?? '', '--until', '1h', '--reason', 'they have a holiday'];
  expect((await runLeadsync(known, installation.env)).code).toBe(0);
  expect((await runLeadsync(['status'], installation.env)).code).toBe(0);

  await drop(inbox(), 'acme', 'leads-of-tonight.csv', leadsCsv(4));
  await installation.results('acme', 'leads-of-tonight.csv');
  const { code: after, json } = await report();
  expect(after).toBe(0);
  expect(json.partners[0]?.outcomes).toEqual({ lead: { registered: 4 } });
  expect(await readdir(join(installation.home, 'outbox', 'acme'))).toHaveLength(2);
});
