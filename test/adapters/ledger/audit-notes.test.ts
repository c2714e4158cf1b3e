import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createConfigVersions } from '../../../src/adapters/ledger/config-versions.ts';
import { migrateLedger, migrationNames } from '../../../src/adapters/ledger/migrate.ts';
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
  expect(await migrateLedger(the.owner, { actor: 'cli:dba' })).toEqual([]);
  expect(await told()).toEqual([]);
  const newest = migrationNames.at(-1) ?? '';
  await sql`delete from leadsync_migration where name = ${newest}`.execute(the.owner);
  await sql`drop table config_in_force`.execute(the.owner);
  const role = (await sql<{ role: string }>`select current_user as role`.execute(the.db)).rows[0]?.role ?? '';
  expect(await migrateLedger(the.owner, { actor: 'cli:dba', runtimeRole: role })).toEqual([newest]);
  expect(await told()).toEqual([
    { actor: 'cli:dba', action: 'ledger.migrated', partner: null, detail: { from: migrationNames.at(-2), to: newest } },
  ]);
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
