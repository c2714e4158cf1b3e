import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../chaos/world/free-port.ts';
import { aUser } from '../console/a-console.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runLeadsync, startLeadsync, type LeadsyncProcess } from '../support/leadsync-process.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';
import { plainPartner } from './leads-file.ts';

/** What of `docker-compose.yml` decides what a service of leadsync runs. */
interface Service {
  readonly command: readonly string[];
  readonly env_file: readonly { readonly path: string }[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}
interface Compose {
  readonly services: Readonly<Record<'migrate' | 'worker' | 'console' | 'redis', Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly 'x-leadsync': { readonly build: { readonly dockerfile_inline: string } };
}

const path = join(import.meta.dirname, '..', '..', 'docker-compose.yml');
const secretsFolder = '/run/secrets/';
/** Another machine for leadsync, as the containers' names are, and this one for the system. */
const elsewhere = '0.0.0.0';

let text: string;
let compose: Compose;
let scratch: ScratchFolder;
let database: TestDatabase;
let redis: { readonly child: ChildProcess; readonly port: number } | null = null;
let role: string;
let owner: string;
const started: LeadsyncProcess[] = [];

beforeAll(async () => {
  text = await readFile(path, 'utf8');
  compose = parse(text, { merge: true }) as Compose;
  [scratch, database] = await Promise.all([scratchFolder(), createTestDatabase('compose')]);
  const suffix = randomBytes(4).toString('hex');
  [owner, role] = [`compose_owner_${suffix}`, `compose_service_${suffix}`];
  await prepare();
  const binary = inject('redisBinary');
  if (binary !== null) redis = await startRedis(binary);
});
afterAll(async () => {
  await Promise.all(started.map((process) => process.end('SIGTERM')));
  redis?.child.kill('SIGTERM');
  await database.drop();
  await asUser(inject('postgresUrl'), `drop role if exists ${role}`);
  await asUser(inject('postgresUrl'), `drop role if exists ${owner}`);
  await scratch.remove();
});

/** What the head of the file tells its reader to do before the first start, word for word, and the other two files. */
async function prepare(): Promise<void> {
  const commands = /^#   mkdir -p data[\s\S]*?^#   chmod .*$/m.exec(text)?.[0].replaceAll(/^#   /gm, '') ?? '';
  const shell = spawn('sh', ['-eu'], { cwd: scratch.path, stdio: ['pipe', 'ignore', 'inherit'] });
  shell.stdin.end(commands);
  await once(shell, 'close');
  expect([commands.split('\n').length, shell.exitCode]).toEqual([7, 0]);
  const secrets = join(scratch.path, 'data', 'secrets');
  const password = await readFile(join(secrets, 'postgres-password'), 'utf8');
  // The image makes its POSTGRES_USER a superuser.
  await asUser(inject('postgresUrl'), `create role ${owner} superuser login password '${password.trim()}'`);
  for (const [name, user] of [
    ['database-admin-url', owner],
    ['database-url', role],
  ] as const) {
    const url = new URL(await readFile(join(secrets, name), 'utf8'));
    expect([url.host, url.pathname]).toEqual(['postgres:5432', '/leadsync']);
    url.username = user;
    url.host = `${elsewhere}:${new URL(database.url).port}`;
    url.pathname = new URL(database.url).pathname;
    await writeFile(join(secrets, name), url.href);
  }
  await writeFile(join(secrets, 'console-users'), JSON.stringify([aUser('ana', 'operator')]));
  await writeFile(join(scratch.path, 'data', 'partners', 'acme.yaml'), plainPartner('acme'));
  await writeFile(
    join(scratch.path, 'data', 'leadsync.env'),
    'LEADS_API_URL=https://127.0.0.1:9/leads\nLEADS_API_ENVIRONMENT=production\n',
  );
}

/** As its service does, on a port and in a folder of the test's. */
async function startRedis(binary: string): Promise<typeof redis> {
  const port = await freePort();
  const [, ...args] = compose.services.redis.command;
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', scratch.path];
  const child = spawn(binary, [...args, ...place], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) if (line.includes('Ready to accept connections')) break;
  child.stdout.resume();
  return { child, port };
}

async function asUser(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** The environment in which Docker would start a service: its own files alone, in the place of its mounts. */
async function environmentOf(name: keyof Compose['services']): Promise<Readonly<Record<string, string>>> {
  const { environment, env_file: files, secrets, volumes = [] } = compose.services[name];
  const mounted = join(scratch.path, 'of', name);
  await mkdir(mounted, { recursive: true });
  for (const secret of secrets)
    await copyFile(join(scratch.path, compose.secrets[secret]?.file ?? 'nothing'), join(mounted, secret));
  const places = new Map(
    volumes.map((volume) => {
      const [source = '', target = ''] = volume.split(':');
      return [target, join(scratch.path, source)];
    }),
  );
  const given = await Promise.all(files.map((file) => readFile(join(scratch.path, file.path), 'utf8')));
  const lines = given.flatMap((file) => file.trim().split('\n'));
  const replaced = Object.entries(environment).map(([variable, value]) => {
    if (value.startsWith(secretsFolder)) return [variable, join(mounted, basename(value))];
    if (variable === 'REDIS_URL') return [variable, value.replace('redis:6379', `${elsewhere}:${redis?.port}`)];
    if (value.startsWith('/')) return [variable, places.get(value) ?? join(mounted, 'nothing', basename(value))];
    return [variable, value];
  });
  return {
    ...Object.fromEntries(/^ENV (.*)$/m.exec(dockerfile())?.slice(1).map(split) ?? []),
    ...Object.fromEntries(lines.map(split)),
    ...Object.fromEntries(replaced),
  };
}

const dockerfile = (): string => compose['x-leadsync'].build.dockerfile_inline;
const split = (line: string): readonly [string, string] => {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
};

async function start(name: 'worker' | 'console'): Promise<LeadsyncProcess> {
  const process = startLeadsync(compose.services[name].command, await environmentOf(name));
  started.push(process);
  await process.ready();
  return process;
}

it('says what each service runs, and by what it is known to be well, in words', () => {
  for (const [name, { command = [], healthcheck }] of Object.entries(compose.services))
    for (const word of [...command, ...(healthcheck?.test ?? [])]) expect(typeof word, name).toBe('string');
});

it.skipIf(inject('redisBinary') === null)(
  'runs what docker-compose.yml says, in production, by the rights of a service',
  async () => {
    expect(dockerfile()).toContain('ENTRYPOINT ["node", "src/main/cli.ts"]');
    const { command } = compose.services.migrate;
    const migrated = await runLeadsync(command, await environmentOf('migrate'));
    expect(migrated.code, migrated.output).toBe(0);
    expect(migrated.output).toContain(`role ${role} made`);
    // Its file system may not be written to, and it has no volume.
    expect(await readdir(join(scratch.path, 'of', 'migrate'))).not.toContain('nothing');

    const worker = await start('worker');
    const doctor = compose.services.worker.healthcheck?.test.slice(3) ?? [];
    const looked = await runLeadsync(doctor, await environmentOf('worker'));
    expect(looked.output).toMatch(/rights +.*and no more/);

    const console = await start('console');
    const url = /^console +(\S+)$/m.exec(console.output())?.[1] ?? '';
    const [, , , script = ''] = compose.services.console.healthcheck?.test ?? [];
    const port = new URL(url.replace(elsewhere, '127.0.0.1')).port;
    const probe = spawn(process.execPath, ['-e', script.replace('7070', port)], { stdio: 'ignore' });
    await once(probe, 'close');
    expect([script.includes('127.0.0.1:7070/healthz'), probe.exitCode]).toEqual([true, 0]);

    // Who is connected as whom is the server's word.
    const connected = `select distinct usename from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    expect(await asUser(database.url, connected)).toEqual([{ usename: role }]);
    const service = await readFile(join(scratch.path, 'data', 'secrets', 'database-url'), 'utf8');
    for (const statement of [
      'create table mine (one int)',
      'alter table ledger_row add column mine int',
      'alter table audit_event disable trigger all',
      `update audit_event set actor = 'x'`,
      'delete from audit_event',
      'truncate audit_event',
      'delete from audit_seal',
      `set role ${owner}`,
    ])
      await expect(asUser(service, statement), statement).rejects.toMatchObject({ code: '42501' });
    expect(await asUser(service, `select count(*) > 0 as audited from audit_event`)).toEqual([{ audited: true }]);

    // The next start of everything begins with it again, on a ledger that is production's by now.
    const again = await runLeadsync(command, await environmentOf('migrate'));
    expect([again.code, again.output]).toEqual([0, expect.stringContaining('applied: nothing, all was there')]);
    expect([await worker.end('SIGTERM'), await console.end('SIGTERM')]).toEqual([0, 0]);
  },
  120_000,
);
