import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVault } from '../../src/adapters/crypto/vault.ts';
import { createKeyStore } from '../../src/adapters/ledger/key-store.ts';
import { createLedger } from '../../src/adapters/ledger/ledger.ts';
import { startFakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync } from '../support/leadsync-process.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { createInstallation, type Installation } from './installation.ts';
import { leadsCsv, nifOf, plainPartner } from './leads-file.ts';

const fixtures = join(import.meta.dirname, '../../fixtures');
const leads = join(fixtures, 'acme/hubspot-leads.csv');

let scratch: ScratchFolder;
let home: string;
beforeAll(async () => {
  scratch = await scratchFolder();
  home = scratch.path;
  await mkdir(join(home, 'partners'));
  for (const id of ['acme', 'norte']) {
    await copyFile(join(fixtures, 'partners', `${id}.yaml`), configOf(id));
  }
});
afterAll(() => scratch.remove());

const configOf = (id: string) => join(home, 'partners', `${id}.yaml`);

// A database that nobody listens at: a command that opened the ledger would fail.
const withoutLedger = {
  DATABASE_URL: 'postgres://nobody:hidden@127.0.0.1:9/none',
  LEADSYNC_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
};
const partner = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  runLeadsync(['partner', ...args], { LEADSYNC_HOME: home, ...withoutLedger, ...more });

describe('leadsync partner check', () => {
  it('says that a config is valid, with exit 0', async () => {
    const { code, output } = await partner(['check', 'acme']);
    expect([code, output.trim()]).toEqual([0, `${configOf('acme')}: valid`]);
  });

  it('tells what would go wrong with a file, with exit 1, and leaves no trace', async () => {
    const before = await readdir(home, { recursive: true });
    const { code, stdout } = await partner(['check', 'acme', '--file', leads]);
    expect(code).toBe(1);
    expect(stdout).toContain('hubspot-leads.csv: leads, utf-8, delimiter ","');
    expect(stdout).toMatch(/nothing wrong before the first call +17 +63 %/);
    expect(stdout).toMatch(/without a NIF +1 +4 %/);
    expect(stdout).toMatch(/ROW_NIF_INVALID +dni +2 +8, 29/);
    expect(stdout).toContain('acceptTerms: "Interés legítimo" 1; in neither list of `consent`.');
    expect(stdout).toContain('ramo: "Barco" 1; not in `codes`.');
    expect(stdout).toContain('1 lead stands on rows that differ');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('"Estado del lead", "Notas", "Fecha de creación"');
    expect(stdout.split('\n').filter((line) => line.length > 80 && !line.includes(home))).toEqual([]);
    // Nobody's data, and nothing written.
    expect(stdout).not.toMatch(/Soler|99171946V|600001037|HS-2001/);
    expect(await readdir(home, { recursive: true })).toEqual(before);
  });

  it('has the same for scripts', async () => {
    const { code, stdout } = await partner(['check', 'acme', '--file', leads, '--json']);
    const said = JSON.parse(stdout) as { file: object; findings: { name: string; isUrgent: boolean }[] };
    expect(code).toBe(1);
    expect(said).toMatchObject({
      partner: 'acme',
      config: 'acme.yaml',
      valid: true,
      file: { rows: 27, valid: 17, withoutNif: 1 },
    });
    expect(said.findings.filter(({ isUrgent }) => isUrgent).map(({ name }) => name)).toEqual([
      'consent_words_unknown',
      'code_words_unknown',
      'ids_of_contacts',
      'ids_blank',
    ]);
    expect(said.findings.filter(({ isUrgent }) => !isUrgent).map(({ name }) => name)).toEqual([
      'rows_repeated',
      'columns_unmapped',
    ]);
  });

  it('is content with a file that nothing is wrong with, exit 0', async () => {
    const path = join(home, 'hubspot-good.csv');
    const header =
      'ID de registro,Nombre,Apellidos,NIF,Teléfono,Correo,Código postal,Producto,Agente,Campaña,Acepta política de privacidad';
    await writeFile(
      path,
      `${header}\nG-1,Persona,Inventada,${nifOf(1)},600000001,p@example.org,08014,Coche,0051245,otoño,Sí\n`,
    );
    const { code, stdout } = await partner(['check', 'acme', '--file', path]);
    expect(code, stdout).toBe(0);
    expect(stdout).not.toContain('To look at');
  });

  it('tells what a file would be refused for, and where a column was looked for', async () => {
    const optOut = join(fixtures, 'bad/opt-out-is-no-consent.csv');
    const { code, stdout } = await partner(['check', 'acme', '--file', optOut, '--kind', 'leads']);
    expect(code).toBe(1);
    expect(stdout).toContain('would be refused, FILE_COLUMNS_MISSING');
    expect(stdout).toContain('acceptTerms is looked for under "Acepta política de privacidad"');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('"Unsubscribed": a yes in an opt-out is a no');
    const unmatched = await partner(['check', 'acme', '--file', optOut]);
    expect([unmatched.code, unmatched.stdout]).toEqual([1, expect.stringContaining('FILE_UNMATCHED')]);
  });

  it.each([
    [['check', 'sur'], 'expected one of acme, norte'],
    [['check', 'acme', '--file', '/nowhere.csv'], '--file: expected a file that can be read, found nothing there'],
    [['check', 'acme', '--kind', 'both'], "option '--kind <kind>' argument 'both' is invalid"],
    [['check'], "missing required argument 'partner'"],
    [['init', 'acme'], "required option '--from <file>' not specified"],
    [['init', '../acme', '--from', leads], 'PARTNER: expected up to 63 of a-z'],
    [['init', 'acme', '--from', fixtures], '--from: expected a file that can be read, found something else'],
  ])('ends %j with exit 2 and one line', async (args, line) => {
    const { code, output } = await partner(args);
    expect(code).toBe(2);
    expect(output).toContain(line);
    expect(output.trim().split('\n')).toHaveLength(1);
  });

  it('reads a large file in little memory, and says how far it is', async () => {
    await writeFile(configOf('large'), plainPartner('large'));
    const path = join(home, 'leads-large.csv');
    await writeFile(path, leadsCsv(150_000));
    // Rows, ids and contents of so many leads would not fit.
    const { code, output } = await partner(['check', 'large', '--file', path], {
      NODE_OPTIONS: '--max-old-space-size=40',
    });
    await rm(configOf('large'));
    await rm(path);
    expect(code, output).toBe(0);
    expect(output).toMatch(/nothing wrong before the first call +150000 +100 %/);
    expect(output).toContain('reading: 100000 rows, ');
  });
});

describe('leadsync partner init', () => {
  it('proposes a config from an export, that reads it once the questions are answered', async () => {
    const { code, stdout } = await partner(['init', 'nuevo', '--from', leads]);
    expect(code).toBe(0);
    expect(stdout).toContain(`${configOf('nuevo')}: a draft for leads, with`);
    expect(stdout).toMatch(/name +Nombre \+ Apellidos +its name/);
    expect(stdout).toContain('motivoLlamada');
    expect(stdout).toContain(`leadsync partner check nuevo --file ${leads}`);

    const draft = await readFile(configOf('nuevo'), 'utf8');
    const schema = /\$schema=(\S+)/.exec(draft)?.[1] ?? '';
    expect(JSON.parse(await readFile(join(home, 'partners', schema), 'utf8'))).toMatchObject({
      title: 'leadsync partner config',
    });
    const asDrafted = await partner(['check', 'nuevo', '--file', leads]);
    expect(asDrafted.stdout).toContain('Columns are missing: the reason for the call (motivoLlamada).');
    const answered = draft
      .replace('motivoLlamada: ""', 'motivoLlamada: "1"')
      .replace('default: ""', 'default: "0051245"')
      .replaceAll(/(Coche|Hogar|Moto|Vida): ""/g, '$1: "1"')
      .replace('# identity: [ramo]', 'identity: [ramo]');
    await writeFile(configOf('nuevo'), answered);
    const check = await partner(['check', 'nuevo', '--file', leads, '--json']);
    await rm(configOf('nuevo'));
    expect(JSON.parse(check.stdout)).toMatchObject({ file: { rows: 27, valid: 17 } });
  });

  it('leaves a config that is there alone, unless it is told to replace it', async () => {
    const before = await readFile(configOf('norte'), 'utf8');
    const from = join(fixtures, 'norte/leads-excel-1252.csv');
    const refused = await partner(['init', 'norte', '--from', from]);
    expect([refused.code, refused.output]).toEqual([2, expect.stringContaining('--force replaces it')]);
    const shown = await partner(['init', 'norte', '--from', from, '--stdout']);
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('partner: norte')]);
    expect(await readFile(configOf('norte'), 'utf8')).toBe(before);

    expect((await partner(['init', 'norte', '--from', from, '--force'])).code).toBe(0);
    expect(await readFile(configOf('norte'), 'utf8')).toBe(shown.stdout);
    expect((await readdir(join(home, 'partners'))).toSorted()).toEqual(['acme.yaml', 'norte.yaml']);
    await writeFile(configOf('norte'), before);
  });

  it('says what a sample is that it can not read', async () => {
    const { code, output } = await partner(['init', 'nuevo', '--from', join(fixtures, 'bad/spreadsheet.csv')]);
    expect(code).toBe(2);
    expect(output).toContain('FILE_NOT_CSV');
  });
});

describe('leadsync partner list', () => {
  it('shows every config, what is wrong with it, and the files seen', async () => {
    const api = await startFakeLeadsApi();
    const installation = await createInstallation('partner list', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
    const folder = join(installation.home, 'partners');
    await copyFile(join(fixtures, 'partners/brisa.yaml'), join(folder, 'brisa.yaml'));
    const first = await runLeadsync(['partner', 'list'], installation.env);
    expect(first.code, first.output).toBe(0);
    await takeInOneFile(installation, 'acme');

    const list = await runLeadsync(['partner', 'list'], installation.env);
    expect(list.stdout).toMatch(/^acme +valid +leads\*\.csv +updates\*\.csv +on arrival +1 +\d{4}-/m);
    expect(list.stdout).toMatch(/^brisa +valid +\*\.csv \*\.tsv… +0 2 \* \* \* +0$/m);

    await writeFile(join(folder, 'sur.yaml'), 'partner: sur\ncolumns: { acceptTerms: [No llamar] }\ntooLong: cut\n');
    const broken = await runLeadsync(['partner', 'list'], installation.env);
    expect(broken.code).toBe(2);
    expect(broken.stdout).toMatch(/^sur +NOT VALID/m);
    expect(broken.stdout).toContain(
      'sur.yaml line 2, columns.acceptTerms.0: expected a column in which a yes is a consent',
    );
    const json = await runLeadsync(['partner', 'list', '--json'], installation.env);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { id: 'acme', valid: true, reads: { leads: 'leads*.csv' }, schedule: null, files: 1 },
      { id: 'brisa', valid: true, schedule: { cron: '0 2 * * *' }, files: 0, newest: null },
      { id: 'sur', valid: false, faults: [expect.any(String), expect.any(String)], reads: null },
    ]);
    await api.close();
    await installation.remove();
  });

  /** What intake writes of a file. The ledger is there already. */
  async function takeInOneFile({ database, env }: Installation, id: string): Promise<void> {
    const secret = Buffer.from(env['LEADSYNC_SECRET_KEY'] ?? '', 'base64');
    const vault = await createVault({ secret, keyStore: createKeyStore(database.db), now: () => new Date() });
    const key = await vault.keyFor(id);
    await createLedger(database.db).acceptFile({
      partner: id,
      kind: 'leads',
      keyId: key.id,
      name: key.seal('leads.csv'),
      sha256: 'a'.repeat(64),
      bytes: 1,
      configVersion: 'test',
      dueAt: null,
      again: false,
      actor: 'test',
    });
  }

  it('shows the configs when the ledger can not be opened', async () => {
    const { code, output } = await partner(['list']);
    expect(code).toBe(0);
    expect(output).toMatch(/^acme +valid .* \?$/m);
    expect(output).toContain('the files seen are not known: DATABASE_URL');
    expect(output).not.toContain('hidden');
  });

  it('says how to make the first one', async () => {
    const { code, stdout } = await partner(['list'], { LEADSYNC_PARTNERS: join(home, 'none') });
    expect([code, stdout]).toEqual([0, expect.stringContaining('leadsync partner init ID --from')]);
  });
});

describe('leadsync partner', () => {
  it('prints the schema that is published', async () => {
    const { stdout } = await partner(['schema']);
    expect(stdout).toBe(await readFile(join(import.meta.dirname, '../../docs/partner.schema.json'), 'utf8'));
  });

  it.each([['list'], ['init'], ['check'], ['schema']])(
    'explains %s with examples, within 80 columns',
    async (command) => {
      const { code, stdout } = await partner([command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples:\n {2}leadsync /);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );
});
