import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { joinEmbeddedDatabase } from '../../../src/adapters/postgres/embedded-database.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { runLeadsync } from '../../support/leadsync-process.ts';
import { scratchFolder, type ScratchFolder } from '../../support/scratch-folder.ts';

let home: ScratchFolder;
let database: TestDatabase;
let role: string;
const password = 'pässword with :/@?';
beforeEach(async () => {
  [database, home] = await Promise.all([createTestDatabase('migrate'), scratchFolder()]);
  role = `Service "${randomBytes(4).toString('hex')}"`;
});
afterEach(async () => {
  await database.drop();
  await asAdmin(`drop role if exists ${pg.escapeIdentifier(role)}`);
  await home.remove();
});

async function asAdmin(statement: string, url = inject('postgresUrl')): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

function urlOf(name: string, secret: string | null, of = database.url): string {
  const url = new URL(of);
  url.username = encodeURIComponent(name);
  url.password = secret === null ? '' : encodeURIComponent(secret);
  return url.href;
}

/** With a queue in the same database. What a DBA has at hand: no key of the ledger's, no API. */
const migrating = () => ({
  LEADSYNC_HOME: home.path,
  LEADSYNC_QUEUE_BACKEND: 'postgres',
  DATABASE_ADMIN_URL: database.url,
  DATABASE_URL: urlOf(role, password),
});
const working = (more: Readonly<Record<string, string>> = {}) => ({
  LEADSYNC_HOME: home.path,
  LEADSYNC_QUEUE_BACKEND: 'postgres',
  LEADSYNC_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
  DATABASE_URL: urlOf(role, password),
  LEADS_API_URL: 'http://127.0.0.1:9',
  LEADS_API_ENVIRONMENT: 'test',
  ...more,
});

const rightsOf = (output: string) =>
  (JSON.parse(output) as { name: string; ok: boolean; says: string }[]).find(({ name }) => name === 'rights');

describe('leadsync migrate with DATABASE_ADMIN_URL', () => {
  it('makes the schema and the role of DATABASE_URL, which then works and can do no more than it must', async () => {
    const { code, output } = await runLeadsync(['migrate'], migrating());
    expect(code, output).toBe(0);
    expect(output).toContain(`role ${role} made`);
    expect(output).toContain('0001-ledger');
    expect(output).toContain('may do what the service does, and no more');
    expect(output).not.toContain('pässword');
    expect(
      await asAdmin(`select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication from pg_roles
      where rolname = ${pg.escapeLiteral(role)}`),
    ).toEqual([
      { rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false, rolreplication: false },
    ]);
    const looked = await runLeadsync(['doctor', '--json'], working());
    expect(rightsOf(looked.stdout)).toMatchObject({ ok: true, says: expect.stringContaining('and no more') });

    const again = await runLeadsync(['migrate'], migrating());
    expect([again.code, again.output]).toEqual([0, expect.stringContaining('applied: nothing, all was there')]);
  });

  it('takes a role that a DBA has made, with a DATABASE_URL that leaves its password out', async () => {
    await asAdmin(`create role ${pg.escapeIdentifier(role)} login password 'known to the service alone'`);
    const { code, output } = await runLeadsync(['migrate'], { ...migrating(), DATABASE_URL: urlOf(role, null) });
    expect([code, output]).toEqual([0, expect.stringContaining('not tried')]);
    const status = await runLeadsync(['status'], working({ DATABASE_URL: urlOf(role, 'known to the service alone') }));
    expect(status.code, status.output).toBe(0);
  });

  it('takes an owner who owns the database and nothing else', async () => {
    const owner = `owner_${randomBytes(4).toString('hex')}`;
    const name = new URL(database.url).pathname.slice(1);
    await asAdmin(`create role ${owner} login password 'plain'; alter database ${name} owner to ${owner};
      create role ${pg.escapeIdentifier(role)} login password ${pg.escapeLiteral(password)}`);
    const { code, output } = await runLeadsync(['migrate'], {
      ...migrating(),
      DATABASE_ADMIN_URL: urlOf(owner, 'plain'),
    });
    expect([code, output]).toEqual([0, expect.stringContaining('and no more')]);
    const looked = await runLeadsync(['doctor', '--json'], working());
    expect(looked.stdout).toContain('"queue",\n    "ok": true');
    await asAdmin(`reassign owned by ${owner} to current_user; drop owned by ${owner}`, database.url);
    await asAdmin(`drop role ${owner}`);
  });

  it('says what a DBA has to run where the role is missing and may not be made', async () => {
    const { code, output } = await runLeadsync(['migrate'], { ...migrating(), DATABASE_URL: urlOf(role, null) });
    expect([code, output]).toEqual([2, expect.stringContaining(`create role ${role} login`)]);
  });

  it('notices that the two URLs are of two databases', async () => {
    const other = await createTestDatabase('migrate other');
    const { code, output } = await runLeadsync(['migrate'], {
      ...migrating(),
      DATABASE_URL: urlOf(role, password, other.url),
    });
    await other.drop();
    expect([code, output]).toEqual([2, expect.stringContaining('expected the database of DATABASE_ADMIN_URL')]);
  });

  it('needs DATABASE_URL, or it would migrate the embedded database', async () => {
    const { DATABASE_URL: _, ...alone } = migrating();
    const { code, output } = await runLeadsync(['migrate'], alone);
    expect([code, output]).toEqual([2, expect.stringMatching(/CONFIG_INVALID\nDATABASE_URL: expected/)]);
  });
});

it('leadsync migrate names the setting that is missing where it finds the role of the service alone', async () => {
  await runLeadsync(['migrate'], migrating());
  const { code, output } = await runLeadsync(['migrate'], working());
  expect([code, output]).toEqual([2, expect.stringMatching(/CONFIG_INVALID\nDATABASE_ADMIN_URL: expected/)]);
});

describe('every other command', () => {
  it('says that the ledger is behind instead of migrating it, and leaves it as it is', async () => {
    await asAdmin(`create role ${pg.escapeIdentifier(role)} login password ${pg.escapeLiteral(password)}`);
    const runs = [
      await runLeadsync(['run'], working()),
      await runLeadsync(['status'], working({ DATABASE_URL: database.url, DATABASE_ADMIN_URL: database.url })),
    ];
    for (const { code, output } of runs) {
      expect([code, output]).toEqual([2, expect.stringContaining('CONFIG_SCHEMA_BEHIND')]);
      expect(output).toContain('run leadsync migrate with DATABASE_ADMIN_URL');
    }
    expect(await asAdmin(`select to_regclass('ledger_row') as there`, database.url)).toEqual([{ there: null }]);
  });

  it('says so of a ledger that lacks a migration, a right, or the tables of its queue', async () => {
    await runLeadsync(['migrate'], {
      ...migrating(),
      LEADSYNC_QUEUE_BACKEND: 'redis',
      REDIS_URL: 'redis://127.0.0.1:9',
    });
    const queue = await runLeadsync(['doctor', '--json'], working());
    expect(queue.stdout).toContain('the queue in the database of the ledger lacks the tables of BullMQ');
    await asAdmin(`revoke update on file from ${pg.escapeIdentifier(role)}`, database.url);
    const right = await runLeadsync(['status'], working());
    expect([right.code, right.output]).toEqual([2, expect.stringContaining('rights: update on file')]);
    await asAdmin(`delete from leadsync_migration where name = '0016-ledger-gap'`, database.url);
    const migration = await runLeadsync(['status'], working());
    expect([migration.code, migration.output]).toEqual([2, expect.stringContaining('0016-ledger-gap')]);
  });

  it.each([
    [
      'a later version has migrated',
      `insert into leadsync_migration (name, timestamp) values ('9999-later', now()::text)`,
      /CONFIG_SCHEMA_AHEAD\n.*to 9999-later; use that version/,
    ],
    [
      'lacks a migration that came before those it has',
      `delete from leadsync_migration where name = '0016-ledger-gap'`,
      /CONFIG_SCHEMA_STRANGE\n.*lacks 0016-ledger-gap, though it has later ones; use the version/,
    ],
    [
      'a version between two others has made',
      `insert into leadsync_migration (name, timestamp) values ('0010-tried', now()::text)`,
      /CONFIG_SCHEMA_STRANGE\n.*has 0010-tried, which this version does not know; use the version/,
    ],
  ])('leaves a ledger alone that %s, as migrate does: a code and the way out, no stack', async (_, change, says) => {
    await runLeadsync(['migrate'], migrating());
    await asAdmin(change, database.url);
    const before = await asAdmin('select name from leadsync_migration order by name', database.url);
    for (const [args, env] of [
      [['migrate'], migrating()],
      [['migrate'], { ...migrating(), DATABASE_URL: database.url }],
      [['run'], working()],
      [['status'], working({ DATABASE_URL: database.url })],
    ] as const) {
      const { code, output } = await runLeadsync(args, env);
      expect([code, output]).toEqual([2, expect.stringMatching(says)]);
      expect(output).not.toMatch(/\n +at /);
    }
    const looked = await runLeadsync(['doctor'], working({ DATABASE_URL: database.url }));
    expect([looked.code, looked.output]).toEqual([2, expect.stringMatching(/BAD {2}ledger .*use (the|that) version/)]);
    expect(await asAdmin('select name from leadsync_migration order by name', database.url)).toEqual(before);
  });

  it('migrates by itself where one role is used for everything, which doctor tells and production refuses', async () => {
    const env = working({ DATABASE_URL: database.url });
    const { code, stdout } = await runLeadsync(['doctor', '--json'], env);
    expect(code, stdout).toBe(2);
    expect(rightsOf(stdout)?.says).toMatch(/too wide for production: .*is a superuser.*owns .*audit_event/);
    const production = { ...env, LEADS_API_ENVIRONMENT: 'production', LEADS_API_URL: 'https://127.0.0.1:9' };
    const refused = await runLeadsync(['status'], production);
    expect([refused.code, refused.output]).toEqual([
      2,
      expect.stringMatching(/CONFIG_RIGHTS_TOO_WIDE\n.*is a superuser/),
    ]);
  });
});

it('keeps the embedded ledger by two roles, too, also one that was made when there was one', async () => {
  const env = { LEADSYNC_HOME: home.path };
  expect((await runLeadsync(['migrate'], env)).code).toBe(0);
  const embedded = await joinEmbeddedDatabase({ home: home.path });
  // With the rights that it was given, in the schema of the queue, too.
  await asAdmin('drop owned by leadsync_runtime; drop role leadsync_runtime', embedded.adminUrl);
  await embedded.leave();

  const { code, stdout } = await runLeadsync(['doctor', '--json'], env);
  expect(code, stdout).toBe(2);
  expect(rightsOf(stdout)?.says).toContain('and no more');
});
