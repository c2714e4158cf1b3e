import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync } from '../support/leadsync-process.ts';
import { createInstallation, type Installation } from './installation.ts';
import { leadsCsv } from './leads-file.ts';

const cli = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));

let api: FakeLeadsApi;
let calls = 0;
let the: Installation;
let desk: string;

beforeAll(async () => {
  api = await startFakeLeadsApi(() => {
    calls += 1;
    return false;
  });
  the = await createInstallation('dry run', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
  desk = join(the.home, 'desk');
  await mkdir(desk);
});
afterAll(async () => {
  await api.close();
  await the.remove();
});

/** From the operator's own folder. */
function atDesk(
  ...args: string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', ...the.env };
    const child = execFile(process.execPath, [cli, ...args], { cwd: desk, env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

it('writes what would become of each row beside the operator, and nothing anywhere else', async () => {
  await writeFile(join(desk, 'leads-june.csv'), leadsCsv(3, 'J-'));
  const imported = await runLeadsync(['import', join(desk, 'leads-june.csv'), '--partner', 'acme'], the.env);
  expect(imported.code, imported.output).toBe(0);
  const before = calls;
  const { rows: events } = await sql`select count(*) as n from audit_event`.execute(the.database.db);

  const text = `${leadsCsv(5, 'J-')}J-6;12;Persona Inventada;600000006;sí\n`;
  await writeFile(join(desk, 'leads-july.csv'), text);
  const dry = await atDesk('import', 'leads-july.csv', '--partner', 'acme', '--dry-run');
  expect(dry.code, dry.stderr).toBe(0);
  expect(dry.stdout).toMatch(/^ {3}3 {2}duplicate {4}ROW_DUPLICATE/m);
  expect(dry.stdout).toMatch(/^ {3}2 {2}would_check/m);
  expect(dry.stdout).toMatch(/^ {3}1 {2}rejected {5}ROW_NIF_INVALID/m);
  expect(dry.stdout).toContain('6 rows looked at; nothing was sent. Written: leads-july.dry-run.csv');

  const written = await readFile(join(desk, 'leads-july.dry-run.csv'), 'utf8');
  const [header = '', ...lines] = written.replace('\uFEFF', '').trimEnd().split('\r\n');
  const leadIds = new Map(api.creates.map(({ partnerLeadId, leadId }) => [partnerLeadId, leadId]));
  expect(header.split(';').slice(0, 4)).toEqual(['row', 'partnerLeadId', 'outcome', 'leadId']);
  expect(lines.map((line) => line.split(';').slice(0, 4))).toEqual([
    ...[1, 2, 3].map((n) => [String(n + 1), `J-${n}`, 'duplicate', leadIds.get(`J-${n}`)]),
    ['5', 'J-4', 'would_check', ''],
    ['6', 'J-5', 'would_check', ''],
    ['7', 'J-6', 'rejected', ''],
  ]);
  expect((await readdir(desk)).toSorted()).toEqual(['leads-july.csv', 'leads-july.dry-run.csv', 'leads-june.csv']);
  expect(await readdir(join(the.home, 'outbox', 'acme'))).toHaveLength(2);
  expect(calls).toBe(before);
  const { rows: after } = await sql`select count(*) as n from audit_event`.execute(the.database.db);
  expect(after).toEqual(events);
});

it('needs no API, and leaves no file behind where there is nothing to look at', async () => {
  const { LEADS_API_URL: _url, LEADS_API_ENVIRONMENT: _environment, ...env } = the.env;
  await writeFile(join(desk, 'leads-odd.csv'), 'a;b\n1;2\n');
  const odd = await runLeadsync(['import', join(desk, 'leads-odd.csv'), '--partner', 'acme', '--dry-run'], env);
  expect(odd.code, odd.output).toBe(1);
  expect(odd.output).toContain('FILE_COLUMNS_MISSING');
  const unknown = await atDesk('import', 'leads-odd.csv', '--partner', 'nobody', '--dry-run');
  expect([unknown.code, unknown.stderr]).toEqual([2, 'error: --partner: expected one of acme; got "nobody"\n']);
  expect((await readdir(desk)).filter((name) => name.includes('odd'))).toEqual(['leads-odd.csv']);
});
