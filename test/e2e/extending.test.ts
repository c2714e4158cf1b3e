import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { runLeadsync, startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';

const run = promisify(execFile);
const checkout = join(import.meta.dirname, '../..');
const extensions = {
  field: 'A field of alta lead',
  estado: 'A rule of estado',
  version: 'A version of the contract',
  partner: 'A partner',
  job: 'A job type',
} as const;
type Extension = keyof typeof extensions;

let scratch: ScratchFolder;
let database: TestDatabase;
let sandbox: LeadsyncProcess;
let sandbox13: LeadsyncProcess;
/** The copy of this checkout that is extended. */
let copy: string;
let home: string;
let url: string;
let url13: string;
const touched: Record<Extension, Set<string>> = {
  field: new Set(),
  estado: new Set(),
  version: new Set(),
  partner: new Set(),
  job: new Set(),
};

beforeAll(async () => {
  scratch = await scratchFolder();
  database = await createTestDatabase('extending');
  copy = join(scratch.path, 'copy');
  home = join(scratch.path, 'home');
  for (const name of ['src', 'jobs', 'package.json', 'tsconfig.json']) {
    await cp(join(checkout, name), join(copy, name), { recursive: true });
  }
  for (const name of ['conformance/specified-limits.ts', 'domain/a-partner.ts']) {
    await cp(join(checkout, 'test', name), join(copy, 'test', name));
  }
  await symlink(join(checkout, 'node_modules'), join(copy, 'node_modules'));
  // The field first: a version starts as a copy of the one before it, and partner configs name the fields of both.
  await addField();
  await addVersion();
  await addEstado();
  await addJobType();
  await addPartner();
  [sandbox, url] = await startSandbox(['--contract', '1.2.5']);
  [sandbox13, url13] = await startSandbox(['--contract', '1.3']);
}, 180_000);

afterAll(async () => {
  await sandbox.end('SIGTERM');
  await sandbox13.end('SIGTERM');
  await database.drop();
  await scratch.remove();
});

const cli = () => join(copy, 'src/main/cli.ts');

function environment(more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return {
    LEADSYNC_HOME: home,
    LEADSYNC_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
    LEADSYNC_QUEUE_BACKEND: 'postgres',
    DATABASE_URL: database.url,
    LEADS_API_URL: url,
    LEADS_API_ENVIRONMENT: 'sandbox',
    LEADS_API_RATE_PER_SECOND: '0',
    LEADSYNC_TIME_SCALE: '0.01',
    LOG_LEVEL: 'warn',
    ...more,
  };
}

async function startSandbox(args: readonly string[]): Promise<[LeadsyncProcess, string]> {
  const { LEADS_API_URL: _none, ...rest } = environment();
  const process = startLeadsync(['sandbox', '--port', '0', ...args], rest, cli());
  await process.says('Leads API sandbox at http');
  const found = /Leads API sandbox at (http:\/\/\S+)/.exec(await lineWith(process, 'Leads API sandbox at'))?.[1];
  if (found === undefined) throw new Error(process.output());
  return [process, found];
}

/** The whole line: `says` answers as soon as the words are there. */
function lineWith(process: LeadsyncProcess, words: string): Promise<string> {
  return eventually(words, async () => process.output().match(new RegExp(`^.*${words}.*(?=\\n)`, 'm'))?.[0]);
}

async function edit(extension: Extension, path: string, change: (text: string) => string): Promise<void> {
  const file = join(copy, path);
  const before = await readFile(file, 'utf8').catch(() => '');
  const after = change(before);
  if (after === before) throw new Error(`${path}: nothing was changed`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, after);
  touched[extension].add(path);
}

const addField = () =>
  edit('field', 'src/contract/leads-1.2.5/fields.ts', (text) =>
    text.replace(
      /\n\];\n$/,
      `\n  { ...field, name: 'matricula', maxLength: 10, description: 'Registration number of the car.' },\n];\n`,
    ),
  );

const addEstado = () =>
  edit('estado', 'src/domain/estado.ts', (text) => text.replace(`new Set(['20'`, `new Set(['20', '21'`));

async function addVersion(): Promise<void> {
  const folder = 'src/contract/leads-1.3';
  await cp(join(copy, 'src/contract/leads-1.2.5'), join(copy, folder), { recursive: true });
  await rename(join(copy, folder, 'leads-1.2.5.ts'), join(copy, folder, 'leads-1.3.ts'));
  const inFolder = async (name: string, change: (text: string) => string) => {
    await edit('version', `${folder}/${name}`, change);
    touched.version.delete(`${folder}/${name}`);
    touched.version.add(`${folder}/`);
  };
  await inFolder('leads-1.3.ts', (text) => text.replace('leads125', 'leads13').replace(`'1.2.5'`, `'1.3'`));
  await inFolder('fields.ts', (text) =>
    text
      .replace(`name: 'postalcode',`, `name: 'postalcode', wireName: 'postalCode',`)
      .replace(
        /\n\];\n$/,
        `\n  { ...field, name: 'idioma', maxLength: 2, description: 'Language of the person.' },\n];\n`,
      ),
  );
  await edit('version', 'src/contract/index.ts', (text) =>
    `import { leads13 } from './leads-1.3/leads-1.3.ts';\n${text}`.replace(
      `'1.2.5': leads125,`,
      `'1.2.5': leads125,\n  '1.3': leads13,`,
    ),
  );
}

async function addPartner(): Promise<void> {
  await mkdir(join(home, 'partners'), { recursive: true });
  await writeFile(
    join(home, 'partners/acme.yaml'),
    `partner: acme
defaults: { motivoLlamada: "1" }
files: { leads: { match: "leads*.csv" }, updates: { match: "updates*.csv" } }
columns: { matricula: [Placa del coche] }
consent: { accepted: [sí], refused: [no] }
agent: { default: "0051245" }
updates: { orderBy: Fecha }
drift: "off"
`,
  );
  touched.partner.add('partners/<id>.yaml');
}

/** A greeting in the outbox for every file that is about to settle. */
async function addJobType(): Promise<void> {
  await edit(
    'job',
    'src/app/greet-partner.ts',
    () => `import type { Ports } from './ports.ts';
import type { JobEnd } from './ports/job-queue.ts';

export async function greetPartner({ folders, ledger }: Ports, fileId: string): Promise<JobEnd> {
  const file = await ledger.file(fileId);
  if (file !== null) await folders.publish(file.partner, 'greeting.txt', ['Hello']);
  return { kind: 'done', outcome: 'greeted' };
}
`,
  );
  await edit(
    'job',
    'jobs/greet-partner.ts',
    () => `import { z } from 'zod';
import { greetPartner } from '../src/app/greet-partner.ts';
import { jobType } from './job-type.ts';

export const greetPartnerJob = jobType({
  name: 'greet-partner',
  payload: z.strictObject({ fileId: z.string() }),
  options: { role: 'intake', concurrency: () => 1 },
  process: (ports, job) => greetPartner(ports, job.fileId),
});
`,
  );
  await edit('job', 'jobs/index.ts', (text) =>
    `import { greetPartnerJob } from './greet-partner.ts';\n${text}`.replace(
      'settleFileJob]',
      'settleFileJob, greetPartnerJob]',
    ),
  );
  await edit('job', 'src/app/ports/job-queue.ts', (text) =>
    text.replace(`'settle-file']`, `'settle-file', 'greet-partner']`),
  );
  await edit('job', 'src/app/feeder.ts', (text) =>
    text.replace(
      `await ports.queue.offer((await ports.ledger.filesToSettle({ onlyMoving: !isRound })).map(settleJob));`,
      `const settling = await ports.ledger.filesToSettle({ onlyMoving: !isRound });
      await ports.queue.offer(settling.map(settleJob));
      await ports.queue.offer(
        settling.map(({ id }) => ({ name: 'greet-partner', id: \`g\${id}-greet\`, payload: { fileId: id } })),
      );`,
    ),
  );
  touched.job.delete('src/app/greet-partner.ts');
  touched.job.add('src/app/<use-case>.ts');
  touched.job.delete('jobs/greet-partner.ts');
  touched.job.add('jobs/<name>.ts');
}

const header = 'ID;NIF;Nombre;Teléfono;Código postal;Acepta política de privacidad';
const columns = (id: string) => `${id};12345601Y;Persona Inventada;600000001;08014;sí`;

async function importFile(name: string, text: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const path = join(home, name);
  await writeFile(path, text);
  const { code, output } = await runLeadsync(['import', path, '--partner', 'acme'], environment(more), cli());
  expect(code, output).toBe(0);
}

async function bodyAtInsurer(partnerLeadId: string): Promise<{ leadId: string; body: Record<string, string> }> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(
    'select lead_id as "leadId", body from sandbox.leads where partner_lead_id = $1',
    [partnerLeadId],
  );
  await client.end();
  expect(rows).toHaveLength(1);
  return rows[0];
}

const page = async (path: string, of = url) => (await fetch(of + path)).text();

describe('an extended copy', () => {
  it('type-checks', async () => {
    await expect(run(join(copy, 'node_modules/.bin/tsc'), [], { cwd: copy })).resolves.toBeDefined();
  });

  it('departs from the specification on both sides when a limit is changed in its one place', async () => {
    const path = join(copy, 'src/contract/leads-1.2.5/fields.ts');
    const before = await readFile(path, 'utf8');
    await writeFile(path, before.replace(`name: 'email', maxLength: 50`, `name: 'email', maxLength: 51`));
    const { stdout } = await run(process.execPath, [join(copy, 'test/conformance/specified-limits.ts')], { cwd: copy });
    await writeFile(path, before);
    expect(stdout.trim().split('\n')).toEqual(['client email', 'sandbox email']);
  });

  it('carries a field added in one file from a column to the request, the table, the Ficha Gestión, /docs and OpenAPI', async () => {
    await importFile('leads-field.csv', `${header};Placa del coche\n${columns('F-1')};1234BCD\n`);
    const { leadId, body } = await bodyAtInsurer('F-1');
    expect(body).toMatchObject({ matricula: '1234BCD', postalcode: '08014' });
    expect(await page(`/ficha-gestion/${leadId}`)).toContain('1234BCD');
    expect(await page('/docs')).toContain('Registration number of the car.');
    expect(await page('/openapi.json')).toContain('"matricula"');

    // Its limit comes along: a warning at our side, a refusal at the sandbox's.
    await importFile('leads-long.csv', `${header};matricula\n${columns('F-2')};12345678901\n`);
    expect((await bodyAtInsurer('F-2')).body).not.toHaveProperty('matricula');
  });

  it('speaks another version of the contract beside the first', async () => {
    const spoken = { LEADS_API_URL: url13, LEADS_API_VERSION: '1.3' };
    await importFile('leads-13.csv', `${header};idioma\n${columns('V-1')};ca\n`, spoken);
    expect((await bodyAtInsurer('V-1')).body).toMatchObject({ postalcode: '08014', idioma: 'ca' });
    expect(await page('/openapi.json', url13)).toContain('"postalCode"');
    expect(await page('/openapi.json')).not.toContain('"postalCode"');
    // A sandbox leaves behind what its version doesn't know: each was sent under the name of its own.
    await importFile('leads-125.csv', `${header}\n${columns('V-2')}\n`);
    expect((await bodyAtInsurer('V-2')).body).toMatchObject({ postalcode: '08014' });
  });

  it('closes a lead with an estado added to the table', async () => {
    await importFile('leads-estado.csv', `${header}\n${columns('E-1')}\n`);
    const updates = 'partnerLeadId;estado;observacion;Fecha\n';
    await importFile('updates-final.csv', `${updates}E-1;21;Cerrado;05/11/2026\nE-1;5;Otra vez;06/11/2026\n`);
    const { stdout } = await runLeadsync(['rows', '--kind', 'update', '--json'], environment(), cli());
    const rows = (JSON.parse(stdout) as { id: string; state: string; code: string }[]).toSorted(
      (a, b) => Number(a.id) - Number(b.id),
    );
    expect(rows.map(({ state, code }) => [state, code])).toEqual([
      ['pushed', null],
      ['rejected', 'ROW_LEAD_CLOSED'],
    ]);
  });

  it('runs a job type of its own', async () => {
    expect(await readFile(join(home, 'outbox/acme/greeting.txt'), 'utf8')).toBe('Hello');
  });
});

describe('docs/extending.md', () => {
  it.each(Object.keys(extensions) as Extension[])('lists the files that were touched: %s', async (extension) => {
    const document = await readFile(join(checkout, 'docs/extending.md'), 'utf8');
    const section = document.split(`\n## ${extensions[extension]}\n`)[1]?.split('\n## ')[0] ?? '';
    const listed = [...section.matchAll(/^- `([^`]+)`/gm)].map((match) => match[1] ?? '');
    expect(listed.toSorted()).toEqual([...touched[extension]].toSorted());
  });
});
