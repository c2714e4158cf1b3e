import { execFile } from 'node:child_process';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { createInstallation, type Installation } from './installation.ts';
import { drop, nifOf } from './leads-file.ts';

const cli = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));

const config = `partner: acme
defaults: { motivoLlamada: "1", ramo: "1", partner: Test }
consent: { accepted: ["sí"], refused: ["no"] }
agent: { default: "0051245" }
files: { leads: { match: "leads*.csv" }, mixed: { match: "crm*.csv" } }
codes: { estado: { Contactado: "5", Presupuestado: "7", Cerrado: "20" } }
updates: { observacion: "Estado según CRM: {estado}", initial: [Nuevo] }
`;

/** A person of a CRM: the number is the lead's own id and what its NIF and phone are made of. */
function line(n: number, estado: string, { consent = 'sí', id = `M-${n}`, leadId = '' } = {}): string {
  return `${id};${nifOf(n)};Persona Inventada;6${String(n).padStart(8, '0')};${consent};${estado};${leadId}`;
}

function crmCsv(lines: readonly string[]): string {
  const header = 'partnerLeadId;NIF;Nombre;Teléfono;Acepta política de privacidad;Estado del lead;ID Lead Allianz';
  return [header, ...lines, ''].join('\n');
}

async function anInstallation(label: string, api: FakeLeadsApi): Promise<Installation> {
  const installation = await createInstallation(label, api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
  await writeFile(join(installation.home, 'partners', 'acme.yaml'), config);
  return installation;
}

type Line = Readonly<Record<string, string>>;
const told = (rows: readonly Line[]) =>
  rows.map(({ row, kind, outcome, code }) => [row, kind, outcome, code].filter((cell) => cell !== '').join(' '));

describe('a partner that sends leads and their states in one file', () => {
  let api: FakeLeadsApi;
  let installation: Installation;
  let service: LeadsyncProcess;
  let inbox: string;

  beforeAll(async () => {
    api = await startFakeLeadsApi();
    installation = await anInstallation('mixed-files', api);
    inbox = join(installation.home, 'inbox');
    service = startLeadsync(['run'], installation.env);
    await service.ready();
  });
  afterAll(async () => {
    await service.end('SIGTERM');
    await api.close();
    await installation.remove();
  });

  const leadIdOf = (id: string): string => api.creates.find((one) => one.partnerLeadId === id)?.leadId ?? '';
  const pushedTo = (id: string): readonly string[] =>
    api.updates.filter(({ leadId }) => leadId === leadIdOf(id)).map(({ estado }) => estado);

  it('creates the leads and pushes each state after its own lead, in the order of the file', async () => {
    await drop(
      inbox,
      'acme',
      'crm-monday.csv',
      crmCsv([
        line(1, 'Contactado'),
        line(2, ''),
        line(3, 'Nuevo'),
        line(4, 'Contactado'),
        line(4, 'Presupuestado'),
        line(5, 'Contactado', { consent: 'no' }),
        line(6, 'Perdido'),
        line(7, 'Contactado', { id: '' }),
      ]),
    );
    const results = await installation.results('acme', 'crm-monday.csv');
    expect(told(results)).toEqual([
      '2 lead registered',
      '2 update pushed',
      '3 lead registered',
      '4 lead registered',
      '5 lead registered',
      '5 update pushed',
      '6 lead duplicate ROW_DUPLICATE',
      '6 update pushed',
      '7 lead rejected ROW_CONSENT_REFUSED',
      '7 update rejected ROW_LEAD_NOT_CREATED',
      '8 lead registered',
      '8 update rejected ROW_CODE_UNKNOWN',
      '9 lead registered',
      '9 update pushed',
    ]);
    expect(api.creates.length).toBe(6);
    expect(['M-1', 'M-2', 'M-3', 'M-4', 'M-6'].map(pushedTo)).toEqual([['5'], [], [], ['5', '7'], []]);
    // Each line names the lead, and the update of a row without an own id went to the lead of that row.
    expect(results.find(({ row, kind }) => row === '2' && kind === 'update')?.['leadId']).toBe(leadIdOf('M-1'));
    const ofNobody = results.filter(({ row }) => row === '9');
    expect(ofNobody[1]?.['leadId']).toBe(ofNobody[0]?.['leadId']);
    expect(api.updates.map(({ leadId }) => leadId)).toContain(ofNobody[0]?.['leadId']);
    for (const { leadId } of api.updates) expect(api.creates.map((create) => create.leadId)).toContain(leadId);
  });

  it('counts rows by kind in the manifest and in status', async () => {
    const outbox = join(installation.home, 'outbox', 'acme');
    // It follows the result file.
    const name = await eventually('the manifest', async () =>
      (await readdir(outbox)).find((one) => one.startsWith('crm-monday') && one.endsWith('manifest.json')),
    );
    const manifest: unknown = JSON.parse(await readFile(join(outbox, name), 'utf8'));
    const countsByKind = { lead: { duplicate: 1, registered: 6, rejected: 1 }, update: { pushed: 4, rejected: 2 } };
    expect(manifest).toMatchObject({
      kind: 'mixed',
      counts: { duplicate: 1, pushed: 4, registered: 6, rejected: 3 },
      countsByKind,
    });
    const { stdout } = await runLeadsync(['status', '--json'], installation.env);
    expect(JSON.parse(stdout)).toMatchObject({
      files: [{ kind: 'mixed', rowsByKind: countsByKind }],
      rows: countsByKind,
    });
  });

  it('says to people what the patterns are and what has become of each kind', async () => {
    const status = await runLeadsync(['status'], installation.env);
    expect(status.stdout).toMatch(/leads: 6 registered · .*; updates: 4 pushed · /);
    const list = await runLeadsync(['partner', 'list'], installation.env);
    expect(list.stdout).toMatch(/^partner +config +leads +updates +mixed /);
    expect(list.stdout).toMatch(/^acme +valid +leads\S* +crm/m);
  });

  it("pushes of tomorrow's export the changed states alone, and foresees it in a dry run", async () => {
    const text = crmCsv([
      line(1, 'Contactado'),
      line(2, 'Contactado'),
      line(3, 'Nuevo'),
      line(4, 'Contactado'),
      line(5, 'Contactado', { consent: 'no' }),
      line(7, 'Presupuestado', { id: '' }),
      line(8, 'Cerrado'),
      // The lead exists: the row is refused today, and its state goes to the lead all the same.
      line(1, 'Cerrado', { consent: 'no' }),
      // The CRM has kept the insurer's id: nothing is created by it.
      line(40, 'Cerrado', { id: 'M-2', leadId: leadIdOf('M-2') }),
      line(41, 'Contactado', { id: 'X-41', leadId: 'NOBODY-1' }),
    ]);
    const before = api.updates.length;
    const path = join(installation.home, 'crm-look.csv');
    await writeFile(path, text);
    const looked = await promisify(execFile)(
      process.execPath,
      [cli, 'import', path, '--partner', 'acme', '--dry-run'],
      {
        cwd: installation.home,
        env: { PATH: process.env['PATH'] ?? '', ...installation.env },
      },
    );
    expect(looked.stdout).toMatch(/rows +kind +outcome +code/);
    expect(looked.stdout).toMatch(/^ +1 +update +rejected +ROW_LEAD_NOT_CREATED/m);
    expect(looked.stdout).toContain('10 rows looked at');
    expect(api.updates.length).toBe(before);
    const written = (await readFile(join(installation.home, 'crm-look.dry-run.csv'), 'utf8')).trimEnd().split('\r\n');
    const foreseen = written.slice(1).map((one) => {
      const cells = one.split(';');
      return [cells[0], cells.at(-1), cells[2], cells[8]].filter((cell) => cell !== '').join(' ');
    });

    await drop(inbox, 'acme', 'crm-tuesday.csv', text);
    const results = await installation.results('acme', 'crm-tuesday.csv');
    expect(told(results)).toEqual([
      '2 lead duplicate ROW_DUPLICATE',
      '2 update duplicate ROW_UPDATE_REPEATED',
      '3 lead duplicate ROW_DUPLICATE',
      '3 update pushed',
      '4 lead duplicate ROW_DUPLICATE',
      '5 lead duplicate ROW_DUPLICATE',
      '5 update pushed',
      '6 lead rejected ROW_CONSENT_REFUSED',
      '6 update rejected ROW_LEAD_NOT_CREATED',
      '7 lead duplicate ROW_DUPLICATE',
      '7 update pushed',
      '8 lead registered',
      '8 update pushed',
      '9 lead rejected ROW_CONSENT_REFUSED',
      '9 update pushed',
      '10 update pushed',
      '11 update rejected ROW_LEAD_UNKNOWN',
    ]);
    expect(foreseen.slice(0, -1)).toEqual(
      told(results)
        .slice(0, -1)
        .map((one) => one.replace('pushed', 'would_push').replace('registered', 'would_check')),
    );
    expect(['M-1', 'M-2', 'M-4', 'M-8'].map(pushedTo)).toEqual([['5', '20'], ['5', '20'], ['5', '7', '5'], ['20']]);
    expect(api.creates.length).toBe(7);
  });
});

it('makes of the fixture what is expected of it', async () => {
  const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
  const name = 'crm-leads-and-states.csv';
  const expectations = JSON.parse(await readFile(join(fixtures, 'expectations.json'), 'utf8')) as {
    file: string;
    rows: { row: number; outcome?: string; code?: string; update?: { outcome: string; code?: string } }[];
  }[];
  const expected = expectations.find(({ file }) => file === `sur/${name}`)?.rows ?? [];
  const api = await startFakeLeadsApi();
  const installation = await anInstallation('mixed-fixture', api);
  await copyFile(join(fixtures, 'partners', 'sur.yaml'), join(installation.home, 'partners', 'sur.yaml'));
  const file = join(fixtures, 'sur', name);
  const imported = await runLeadsync(['import', file, '--partner', 'sur', '--wait'], installation.env);
  expect(imported.code, imported.output).toBe(0);
  const say = (row: number, kind: string, { outcome, code = '' }: { outcome: string; code?: string }): string =>
    [row, kind, outcome, code].filter((cell) => cell !== '').join(' ');
  expect(told(await installation.results('sur', name))).toEqual(
    expected.flatMap(({ row, outcome, code, update }) => [
      ...(outcome === undefined ? [] : [say(row, 'lead', { outcome, ...(code === undefined ? {} : { code }) })]),
      ...(update === undefined ? [] : [say(row, 'update', update)]),
    ]),
  );
  // One number of a contact, two leads: each state went to its own.
  const car = api.creates.find(
    ({ partnerLeadId, body }) => partnerLeadId === 'OP-1' && (body as { ramo?: unknown }).ramo === '1',
  )?.leadId;
  expect(api.updates.filter(({ leadId }) => leadId === car).map(({ estado }) => estado)).toEqual(['5', '7']);
  await api.close();
  await installation.remove();
});

/** Rows are written up to this one, and the transaction that brings it waits for as long as the lock is held. */
const stopAt = 900;
const lock = 20_261_128;

describe('a mixed file and kill -9', () => {
  it('goes on where it was read to, and nothing of it is there twice or sent twice', { timeout: 180_000 }, async () => {
    const api = await startFakeLeadsApi();
    const installation = await anInstallation('mixed-killed', api);
    const { db } = installation.database;
    await sql`create function wait_for_test() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock(${sql.raw(String(lock))}); return new; end $$`.execute(db);
    await sql`create trigger wait_for_test before insert on ledger_row for each row
      when (new.row_number = ${sql.raw(String(stopAt))}) execute function wait_for_test()`.execute(db);
    const lines = Array.from({ length: 1_000 }, (_, at) => line(at + 1, at % 3 === 0 ? '' : 'Contactado'));
    await drop(join(installation.home, 'inbox'), 'acme', 'crm-large.csv', crmCsv(lines));

    await db.transaction().execute(async (held) => {
      await sql`select pg_advisory_xact_lock(${lock})`.execute(held);
      const reading = startLeadsync(['run'], installation.env);
      await eventually('a reader that waits', async () => {
        const { rows } =
          await sql`select from pg_locks where locktype = 'advisory' and not granted and objid = ${lock}`.execute(held);
        return rows.length > 0;
      });
      await reading.end('SIGKILL');
    });
    const { rows: files } = await sql<{ state: string; lastRow: number }>`
      select state, last_row as "lastRow" from file`.execute(db);
    expect(files[0]?.state).toBe('reading');
    expect(files[0]?.lastRow).toBeGreaterThan(1);
    expect(files[0]?.lastRow).toBeLessThan(stopAt);

    const last = startLeadsync(['run'], installation.env);
    const results = await installation.results('acme', 'crm-large.csv');
    await last.end('SIGTERM');

    // A line for each row of each kind, in order, none missing and none twice.
    const wanted = lines.flatMap((_, at) => [
      `${at + 2} lead registered`,
      ...(at % 3 === 0 ? [] : [`${at + 2} update pushed`]),
    ]);
    expect(told(results)).toEqual(wanted);
    const ids = api.creates.map(({ partnerLeadId }) => partnerLeadId);
    expect([ids.length, new Set(ids).size]).toEqual([lines.length, lines.length]);
    const updated = api.updates.map(({ leadId }) => leadId);
    expect([updated.length, new Set(updated).size]).toEqual([wanted.length - ids.length, wanted.length - ids.length]);
    const { rows: counted } =
      await sql`select kind, state, n::int from file_kind_tally where n <> 0 order by kind`.execute(db);
    expect(counted).toEqual([
      { kind: 'lead', state: 'registered', n: ids.length },
      { kind: 'update', state: 'pushed', n: updated.length },
    ]);
    await api.close();
    await installation.remove();
  });
});
