import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/adapters/ledger/database.ts';
import { excessiveRights } from '../../src/adapters/ledger/look-at-rights.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { testRedisUrl } from '../support/redis.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, leadsCsv } from './leads-file.ts';

const redisUrl = testRedisUrl();
const backends = [
  { backend: 'redis', env: { REDIS_URL: redisUrl ?? '' }, isThere: redisUrl !== null },
  { backend: 'postgres', env: { LEADSYNC_QUEUE_BACKEND: 'postgres' }, isThere: true },
];

describe.each(backends)('leadsync run on $backend, against an API that is not ours', ({ backend, env, isThere }) => {
  let api: FakeLeadsApi;
  let installation: Installation;
  let service: LeadsyncProcess;
  let inbox: string;

  beforeAll(async () => {
    if (!isThere) return;
    api = await startFakeLeadsApi();
    installation = await createInstallation(`main-job-${backend}`, api, env);
    inbox = join(installation.home, 'inbox');
    service = startLeadsync(['run'], installation.env);
    await service.ready();
  });
  afterAll(async () => {
    if (!isThere) return;
    await service.end('SIGTERM');
    await api.close();
    await installation.remove();
  });

  it.runIf(isThere)('carries a dropped file into the API and brings every leadId back', async () => {
    await drop(inbox, 'acme', 'leads-monday.csv', leadsCsv(40));
    const results = await installation.results('acme', 'leads-monday.csv');
    expect(results.map((row) => row['row'])).toEqual(Array.from({ length: 40 }, (_, index) => String(index + 2)));
    const leadIds = new Map(api.creates.map((create) => [create.partnerLeadId, create.leadId]));
    expect(leadIds.size).toBe(40);
    for (const row of results) {
      expect(row['outcome']).toBe('registered');
      expect(row['leadId']).toBe(leadIds.get(row['partnerLeadId'] ?? ''));
    }
  });

  it.runIf(isThere)('recognises the same bytes under another name and creates nothing', async () => {
    await drop(inbox, 'acme', 'leads-again.csv', leadsCsv(40));
    const reason = await eventually('the reason', async () => {
      const names = await readdir(join(installation.home, 'rejected', 'acme')).catch(() => []);
      const name = names.find((one) => one.startsWith('leads-again') && one.endsWith('.reason.txt'));
      return name && readFile(join(installation.home, 'rejected', 'acme', name), 'utf8');
    });
    expect(reason).toContain('FILE_ALREADY_IMPORTED');
    expect(api.creates.length).toBe(40);
  });

  it.runIf(isThere)('tells rows exported again from new ones', async () => {
    await drop(inbox, 'acme', 'leads-tuesday.csv', leadsCsv(42));
    const results = await installation.results('acme', 'leads-tuesday.csv');
    expect(results.filter((row) => row['outcome'] === 'duplicate').length).toBe(40);
    expect(results.filter((row) => row['outcome'] === 'registered').map((row) => row['partnerLeadId'])).toEqual([
      'T-41',
      'T-42',
    ]);
    expect(results[0]?.['leadId']).toBe(api.creates.find((create) => create.partnerLeadId === 'T-1')?.leadId);
    expect(api.creates.length).toBe(42);
  });

  it.runIf(isThere)('puts the persons of what it has read into their index', async () => {
    await eventually('the index holds every row', async () => {
      const { rows } = await sql<{ waiting: number; rows: number }>`
        select (select count(*) from person_unindexed)::int as waiting, count(distinct row_id)::int as rows
        from person_tag`.execute(installation.database.db);
      return rows[0]?.waiting === 0 && rows[0].rows === 82;
    });
  });

  it.runIf(isThere)('pushes status updates in the order of the file, after their lead', async () => {
    const rows = [
      'partnerLeadId;estado;observacion',
      'T-1;5;uno',
      'T-1;7;dos',
      'T-2;20;cerrado',
      'T-1;5;tres',
      'T-2;5;tarde',
      '',
    ];
    await drop(inbox, 'acme', 'updates-monday.csv', rows.join('\n'));
    const results = await installation.results('acme', 'updates-monday.csv');
    expect(results.map((row) => row['outcome'])).toEqual(['pushed', 'pushed', 'pushed', 'pushed', 'rejected']);
    expect(results[4]?.['code']).toBe('ROW_LEAD_CLOSED');
    const first = api.creates.find((create) => create.partnerLeadId === 'T-1')?.leadId;
    expect(api.updates.filter((update) => update.leadId === first).map((update) => update.estado)).toEqual([
      '5',
      '7',
      '5',
    ]);
  });

  it.runIf(isThere)('turns away what it can not read, each with a reason, and goes on', async () => {
    const bad = {
      'leads-empty.csv': ['', 'FILE_EMPTY'],
      'leads-header.csv': ['partnerLeadId;NIF;Nombre;Teléfono;Acepta política de privacidad\n', 'FILE_NO_ROWS'],
      'leads-columns.csv': ['Nombre;Teléfono\nPersona Inventada;600000001\n', 'FILE_COLUMNS_MISSING'],
      'other.csv': [leadsCsv(1, 'X-'), 'FILE_UNMATCHED'],
    } as const;
    for (const [name, [text]] of Object.entries(bad)) await drop(inbox, 'acme', name, text);
    await drop(inbox, 'nobody', 'leads.csv', leadsCsv(1, 'Y-'));
    const reasonOf = (partner: string, stem: string) =>
      eventually(`the reason of ${stem}`, async () => {
        const folder = join(installation.home, 'rejected', partner);
        const names = await readdir(folder).catch(() => []);
        const reason = names.find((one) => one.startsWith(stem) && one.endsWith('.reason.txt'));
        const file = names.find((one) => one.startsWith(stem) && !one.endsWith('.txt'));
        return reason && file && readFile(join(folder, reason), 'utf8');
      });
    for (const [name, [, code]] of Object.entries(bad)) {
      expect(await reasonOf('acme', name.replace('.csv', ''))).toContain(code);
    }
    expect(await reasonOf('nobody', 'leads')).toContain('FILE_PARTNER_UNKNOWN');

    await drop(inbox, 'acme', 'leads-after.csv', leadsCsv(1, 'AFTER-'));
    expect((await installation.results('acme', 'leads-after.csv'))[0]?.['outcome']).toBe('registered');
  });

  it.runIf(isThere)('answers status for scripts', async () => {
    const { stdout } = await runLeadsync(['status', '--json'], installation.env);
    const status = JSON.parse(stdout) as { readonly rows: { readonly lead: Record<string, number> } };
    expect(status.rows.lead['registered']).toBe(43);
  });

  it.runIf(isThere)('does all this as a role that can change neither the audit log nor the schema', async () => {
    const { db, close } = openDatabase(installation.env['DATABASE_URL'] ?? '', { max: 1 });
    const excess = await excessiveRights(db);
    await close();
    expect(excess).toEqual([]);
    const { rows } = await sql<{ role: string }>`
      select distinct usename as role from pg_stat_activity where datname = current_database()
        and application_name like 'leadsync%' and usename <> current_user`.execute(installation.database.db);
    expect(rows).toEqual([{ role: 'leadsync_runtime' }]);
  });

  it.runIf(isThere)('seals the audit log while it runs, and it can be verified', async () => {
    const verdict = await eventually('an audit log that is sealed', async () => {
      const { code, stdout } = await runLeadsync(['audit', 'verify', '--json'], installation.env);
      if (code !== 0) return null;
      const said = JSON.parse(stdout) as { readonly entries: number; readonly checkpoints: number };
      // Its checkpoint follows the seal's commit.
      return said.checkpoints > 0 ? said : null;
    });
    expect(verdict.entries).toBeGreaterThan(200);
  });
});
