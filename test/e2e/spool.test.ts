import type { ServerResponse } from 'node:http';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync } from '../support/leadsync-process.ts';
import { testRedisUrl } from '../support/redis.ts';
import { backUp, type Backup } from './backup.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, leadsCsv } from './leads-file.ts';

let api: FakeLeadsApi;
let installation: Installation;
const after: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const act of after.splice(0).toReversed()) await act();
});

async function install(
  label: string,
  intercept?: Parameters<typeof startFakeLeadsApi>[0],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  api = await startFakeLeadsApi(intercept);
  // A Redis of its own would outlive a service that ends by a kill.
  const redisUrl = testRedisUrl();
  installation = await createInstallation(label, api, {
    ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
    ...env,
  });
  after.push(api.close, installation.remove);
}

async function spoolText(): Promise<string> {
  const folder = join(installation.home, 'spool');
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.spool.ndjson'));
  return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('');
}

const inbox = () => join(installation.home, 'inbox');
const command = (...args: string[]) => runLeadsync(args, installation.env);
const leadIdOf = (id: string) => api.creates.find(({ partnerLeadId }) => partnerLeadId === id)?.leadId;
const idsOf = ({ creates }: FakeLeadsApi) => creates.map(({ partnerLeadId }) => partnerLeadId).toSorted();

it('an answer that a killed worker had no time to write down is found by the next one: no row is in doubt', async () => {
  const held: (() => void)[] = [];
  const holdBack: Parameters<typeof startFakeLeadsApi>[0] = (path, body, response) => {
    if (path !== '/alta-lead') return false;
    held.push(() => answer(response, `F${body['partnerLeadId']}`));
    return true;
  };
  // An answer that the test takes its time with is none that never came.
  await install('spool found', holdBack, { LEADS_API_TIMEOUT_MS: '60000' });
  await drop(inbox(), 'acme', 'leads-one.csv', leadsCsv(3));
  const service = startLeadsync(['run'], installation.env);
  await service.ready();
  await api.seen(3);
  // The ledger takes no more writes of these rows, so the answers get no further than the spool.
  const { db } = installation.database;
  await db.transaction().execute(async (transaction) => {
    await sql`select from ledger_row for update`.execute(transaction);
    for (const go of held) go();
    await eventually('the answers in the spool', async () => (await spoolText()).split('"answered":"').length > 3);
    await service.end('SIGKILL');
    // PostgreSQL would carry out what it has been sent, though nobody is there any more.
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(transaction);
  });

  const next = startLeadsync(['run'], installation.env);
  const results = await installation.results('acme', 'leads-one.csv');
  await next.end('SIGTERM');
  expect(results.map(({ outcome, leadId }) => `${outcome} ${leadId}`)).toEqual(
    [1, 2, 3].map((n) => `registered FT-${n}`),
  );
  expect(api.creates).toHaveLength(3);
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from audit_event where action = 'row.answer_found' and to_state = 'registered'`.execute(db);
  expect(rows[0]?.n).toBe('3');
});

describe('a ledger that is brought back from a backup', () => {
  let backup: Backup;

  /** Registers `leads-before`, backs the ledger up, sends more, and brings the backup back. */
  async function sendBeyondTheBackup(label: string): Promise<void> {
    // What becomes of GONE-2 nobody knows: its answer never comes.
    await install(label, (path, body, response) => {
      if (path !== '/alta-lead' || body['partnerLeadId'] !== 'GONE-2') return false;
      response.destroy();
      return true;
    });
    await drop(inbox(), 'acme', 'leads-before.csv', leadsCsv(3, 'KEPT-'));
    await untilSettled('leads-before.csv');
    backup = await backUp(installation.env['DATABASE_URL'] ?? '');
    after.push(backup.remove);
    await drop(inbox(), 'acme', 'leads-after.csv', leadsCsv(4, 'GONE-'));
    await untilSettled('leads-after.csv');
    expect(api.creates).toHaveLength(7);
    await backup.bringBack();
  }

  async function untilSettled(name: string): Promise<void> {
    const service = startLeadsync(['run'], installation.env);
    await installation.results('acme', name);
    await service.end('SIGTERM');
  }

  async function statesOf(prefix: string): Promise<string[]> {
    const rows = await Promise.all(
      [1, 2, 3, 4].map(async (n) => {
        const { stdout } = await command('lead', `${prefix}${n}`, '--json');
        return JSON.parse(stdout) as { readonly state: string; readonly leadId: string | null }[];
      }),
    );
    return rows.map((found) => found.map(({ state, leadId }) => [state, leadId].join(' ')).join());
  }

  it('sends nothing more, and learns from the spool what was sent: of rows that it has, and of rows that it has not', async () => {
    await sendBeyondTheBackup('spool behind');
    const service = startLeadsync(['run'], installation.env);
    after.push(() => service.end('SIGKILL'));
    await service.ready();
    // Half of what was lost comes again before anybody has recovered anything: it is read and not sent.
    const again = leadsCsv(4, 'GONE-').split('\n');
    await drop(inbox(), 'acme', 'leads-again.csv', [...again.slice(0, 3), ''].join('\n'));
    const state = await eventually('the file is read', async () => {
      const { stdout } = await command('status', '--json');
      return stdout.includes('"state": "read"') ? stdout : null;
    });
    expect(state).toContain('LEDGER_BEHIND');
    const early = await command('resume', '--reason', 'I am in a hurry');
    expect([early.code, early.output]).toEqual([2, expect.stringContaining('LEDGER_BEHIND')]);

    const preview = await command('recover', '--dry-run');
    expect(preview.stdout).toMatch(/^4 leads of which the ledger lacks creates/);
    expect(preview.stdout).toContain('3 created, with the leadId in the spool');
    expect(preview.stdout).toContain('1 may have been created');
    const recovered = await command('recover', '--reason', 'the backup of last night');
    expect(recovered.stdout).toContain('3 registered · 1 in doubt · 2 of them without a row until now');
    expect((await command('recover', '--dry-run')).stdout).toContain('knows every create');

    // The other half comes after it.
    await drop(inbox(), 'acme', 'leads-rest.csv', [again[0], ...again.slice(3)].join('\n'));
    expect((await command('resume', '--reason', 'recovered')).code).toBe(0);
    const rest = await installation.results('acme', 'leads-rest.csv');
    expect(rest.map(({ outcome, leadId }) => `${outcome} ${leadId}`)).toEqual([
      `duplicate ${leadIdOf('GONE-3')}`,
      `duplicate ${leadIdOf('GONE-4')}`,
    ]);
    expect(await installation.results('acme', 'leads-again.csv')).toMatchObject([
      { outcome: 'registered', leadId: leadIdOf('GONE-1') },
      { outcome: 'in_doubt', leadId: '' },
    ]);

    // Work goes on, and nothing was sent twice.
    await drop(inbox(), 'acme', 'leads-new.csv', leadsCsv(2, 'NEW-'));
    expect((await installation.results('acme', 'leads-new.csv')).map(({ outcome }) => outcome)).toEqual([
      'registered',
      'registered',
    ]);
    expect(new Set(idsOf(api)).size).toBe(api.creates.length);
    expect(api.creates).toHaveLength(9);
    expect((await statesOf('GONE-'))[0]).toBe(`registered ${leadIdOf('GONE-1')}`);
    expect((await command('audit', 'verify')).code).not.toBe(2);
  });

  it('is noticed by a service that runs on, before it announces another request', async () => {
    await install('spool failover');
    await drop(inbox(), 'acme', 'leads-before.csv', leadsCsv(3, 'KEPT-'));
    const service = startLeadsync(['run'], installation.env);
    after.push(() => service.end('SIGKILL'));
    await installation.results('acme', 'leads-before.csv');
    backup = await backUp(installation.env['DATABASE_URL'] ?? '');
    after.push(backup.remove);
    await drop(inbox(), 'acme', 'leads-after.csv', leadsCsv(4, 'GONE-'));
    await installation.results('acme', 'leads-after.csv');

    await drop(inbox(), 'acme', 'leads-late.csv', leadsCsv(4, 'LATE-'));
    await backup.bringBack();
    await eventually('the gap', async () => (await command('status')).output.includes('LEDGER_BEHIND'));
    await eventually('the late file', async () => {
      const { rows } = await sql`select from ledger_row where state = 'received'`
        .execute(installation.database.db)
        .catch(() => ({ rows: [] }));
      return rows.length > 0;
    });
    expect(new Set(idsOf(api)).size).toBe(api.creates.length);
    expect(api.creates.filter(({ partnerLeadId }) => partnerLeadId.startsWith('GONE-'))).toHaveLength(4);
  });
});

function answer(response: ServerResponse, leadId: string): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ leadId, idLanding: `L${leadId}` }));
}

describe('a spool that can not be used', () => {
  it.each([
    ['is a file', async (path: string) => writeFile(path, '')],
    [
      'has a file that can not be read',
      async (path: string) => mkdir(join(path, 'host-1-aaaaaaaa.2026-11-28.spool.ndjson'), { recursive: true }),
    ],
  ])('keeps a service from starting, which says so and ends: it %s', async (_, spoil) => {
    await install('spool unusable');
    const path = join(installation.home, 'spool');
    await spoil(path);
    const service = startLeadsync(['run'], installation.env);
    expect(await service.exited).toBe(2);
    expect(service.output()).toContain('LEADSYNC_SPOOL: expected');
    expect(service.output()).toContain(path);
  });
});
