import { join } from 'node:path';
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createConfigVersions } from '../../../src/adapters/ledger/config-versions.ts';
import { openForMigration } from '../../../src/adapters/ledger/database.ts';
import { migrateLedger, migrationNames } from '../../../src/adapters/ledger/migrate.ts';
import { createTestDatabase } from '../../support/database.ts';
import { aLedger, type TestLedger } from './a-ledger.ts';

/** What the audit log is told of the installation itself: by whom and how it is run. */

interface Told {
  readonly actor: string;
  readonly action: string;
  readonly partner: string | null;
  readonly detail: unknown;
}

let the: TestLedger;
let before = '0';

beforeAll(async () => {
  the = await aLedger('audit notes');
});
afterAll(() => the.close());
beforeEach(async () => {
  const { rows } = await sql<{ seq: string }>`select coalesce(max(seq), 0)::text as seq from audit_event`.execute(
    the.db,
  );
  before = rows[0]?.seq ?? '0';
});

async function told(after = before): Promise<readonly Told[]> {
  const { rows } = await sql<Told>`select actor, action, partner, detail from audit_event where seq > ${after}::bigint
    order by seq`.execute(the.db);
  return rows;
}

it('begins with the migration that made it', async () => {
  const [first] = await told('0');
  expect(first).toEqual({
    actor: expect.stringMatching(/^database:./),
    action: 'ledger.migrated',
    partner: null,
    detail: { from: null, to: migrationNames.at(-1) },
  });
  // In the transaction that made the newest table.
  const { rows } = await sql<{ same: boolean }>`select e.xmin::text = m.xmin::text as same from audit_event e,
    leadsync_migration m where e.seq = 1 and m.name = ${migrationNames.at(-1)}`.execute(the.owner);
  expect(rows).toEqual([{ same: true }]);
});

it('is told of a later migration who did it and from where, and of none that did nothing', async () => {
  const database = await createTestDatabase('audit notes older');
  const { db, close } = openForMigration(database.url);
  const folder = join(import.meta.dirname, '../../../src/adapters/ledger/migrations');
  const [newest = '', before = ''] = migrationNames.toReversed();
  const older = await Promise.all(
    migrationNames
      .slice(0, -1)
      .map(async (name) => [name, (await import(join(folder, `${name}.ts`))) as Migration] as const),
  );
  await new Migrator({
    db,
    provider: { getMigrations: async () => Object.fromEntries(older) },
    migrationTableName: 'leadsync_migration',
    migrationLockTableName: 'leadsync_migration_lock',
  }).migrateToLatest();
  expect(await migrateLedger(db, { actor: 'cli:dba' })).toEqual([newest]);
  expect(await migrateLedger(db, { actor: 'cli:dba' })).toEqual([]);
  const { rows } = await sql<Told>`select actor, action, partner, detail from audit_event order by seq`.execute(db);
  expect(rows).toEqual([
    { actor: 'cli:dba', action: 'ledger.migrated', partner: null, detail: { from: before, to: newest } },
  ]);
  await close();
  await database.drop();
});

it('is told of a service when it starts, with its version and whom it runs as, and once when it has ended', async () => {
  const instance = { id: 'host-1-abc', host: 'host', pid: 1, roles: ['intake'] };
  await the.ledger.enrol({ ...instance, about: { version: '0.1.0', user: 'leadsync' } });
  await the.ledger.heartbeat(instance.id);
  await the.ledger.drained(instance.id);
  await the.ledger.drained(instance.id);
  expect(await told()).toEqual([
    {
      actor: instance.id,
      action: 'service.started',
      partner: null,
      detail: { host: 'host', pid: 1, roles: ['intake'], version: '0.1.0', user: 'leadsync' },
    },
    { actor: instance.id, action: 'service.stopped', partner: null, detail: { drained: true } },
  ]);
});

it('is told which configuration is in force when it changes, whichever process sees it first', async () => {
  const versions = createConfigVersions(the.db);
  const acme = { id: 'acme', version: 'a1' };
  const bold = { id: 'bold', version: 'b1' };
  await versions.noteInForce({ settings: 's1', partners: [acme, bold] }, 'one');
  await versions.noteInForce({ settings: 's1', partners: [acme, bold] }, 'two');
  await Promise.all(
    ['one', 'two'].map((actor) =>
      versions.noteInForce({ settings: 's1', partners: [{ id: 'acme', version: 'a2' }] }, actor),
    ),
  );
  expect(await told()).toEqual([
    { actor: 'one', action: 'config.settings_in_force', partner: null, detail: { version: 's1' } },
    { actor: 'one', action: 'config.partner_in_force', partner: 'acme', detail: { version: 'a1' } },
    { actor: 'one', action: 'config.partner_in_force', partner: 'bold', detail: { version: 'b1' } },
    {
      actor: expect.stringMatching(/one|two/),
      action: 'config.partner_in_force',
      partner: 'acme',
      detail: { version: 'a2' },
    },
    { actor: expect.stringMatching(/one|two/), action: 'config.partner_withdrawn', partner: 'bold', detail: null },
  ]);
});
