import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { excessiveRights, lackingRights } from '../../../src/adapters/ledger/look-at-rights.ts';
import { migrateLedger } from '../../../src/adapters/ledger/migrate.ts';
import { runtimeRights } from '../../../src/adapters/ledger/runtime-rights.ts';
import { readSchemaState } from '../../../src/adapters/ledger/schema-state.ts';
import { aLedger, register, type TestLedger } from './a-ledger.ts';

const role = 'leadsync_runtime';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('runtime rights');
  const file = await the.reading();
  await the.ledger.insertRows(file, [the.newRow(2)], 2, 'test');
  await the.ledger.finishReading(file.id, 'test');
  await register(the.ledger, await the.rowOf(file, 2), 'L-1');
  await sql`insert into audit_seal (no, ledger, entries, total, first_seq, last_seq, through_txid, sealed_at, digest,
    hash, key, signature, seqs, digests) values (1, 'l', 1, 1, 1, 1, '1', now(), 'd', 'h', 'k', 's', '{1}', '\\x00')`.execute(
    the.db,
  );
});
afterAll(() => the.close());

const tables = ['audit_event', 'audit_seal'];
const changes = [
  ...tables.flatMap((table) => [
    `update ${table} set ${table === 'audit_event' ? 'actor' : 'hash'} = 'x'`,
    `delete from ${table}`,
    `truncate ${table}`,
    `drop table ${table}`,
    `alter table ${table} disable trigger user`,
    `alter table ${table} disable trigger all`,
    `alter table ${table} add column note text`,
    `alter table ${table} rename to old`,
    `alter table ${table} owner to ${role}`,
    `create trigger mine before insert on ${table} for each row execute function refuse_audit_change()`,
    `create index mine on ${table} (${table === 'audit_event' ? 'actor' : 'hash'})`,
    `create policy mine on ${table}`,
    `create rule mine as on insert to ${table} do instead nothing`,
    `lock table ${table} in access exclusive mode`,
  ]),
  'drop trigger audit_is_append_only on audit_event',
  'drop trigger seals_are_append_only on audit_seal',
  'drop function refuse_audit_change() cascade',
  'create or replace function refuse_audit_change() returns trigger language plpgsql as $$ begin return new; end $$',
  'alter function refuse_audit_change() rename to old',
  // What the database itself gives an entry.
  `insert into audit_event (seq, actor, action) overriding system value values (1000000, 'x', 'x')`,
  `insert into audit_event (actor, action, at) values ('x', 'x', now() - interval '1 day')`,
  `insert into audit_event (actor, action, txid) values ('x', 'x', '1')`,
  `select setval(pg_get_serial_sequence('audit_event', 'seq'), 1)`,
  `select nextval(pg_get_serial_sequence('audit_event', 'seq'))`,
  `select payload from blocked_payload`,
  // The way round.
  `set session_replication_role = replica`,
  `set role leadsync`,
  `alter role ${role} superuser`,
  `create role another`,
  `copy audit_event from program 'true'`,
  // The rest of the schema.
  'create table mine (one int)',
  'create schema mine',
  'create function mine() returns int language sql as $$ select 1 $$',
  'drop table ledger_row',
  'truncate attempt',
  'alter table ledger_row disable trigger moves_are_legal',
  'alter table ledger_row alter column state drop not null',
  'drop index lead_identity',
  'delete from ledger_row',
  'delete from attempt',
  `update attempt set begun_at = now()`,
  'delete from file',
  `update leadsync_migration set name = '9999'`,
  'delete from ledger_stamp',
];

describe('the role that a service works as', () => {
  it.each(changes)('may not: %s', async (statement) => {
    const before = await picture();
    const attack = the.db.transaction().execute((transaction) => sql.raw(statement).execute(transaction));
    await expect(attack).rejects.toMatchObject({ code: '42501' });
    expect(await picture()).toEqual(before);
  });

  it("adds to the audit log, and an entry's number, time and transaction are the database's", async () => {
    const { rows } = await sql<{ isNow: boolean; isMine: boolean }>`
      insert into audit_event (actor, action) values ('test', 'test.noted')
      returning at between now() - interval '1 minute' and clock_timestamp() as "isNow",
        txid = pg_current_xact_id() as "isMine"`.execute(the.db);
    expect(rows).toEqual([{ isNow: true, isMine: true }]);
  });

  it('can give itself nothing', async () => {
    // PostgreSQL warns and grants nothing.
    await sql.raw(`grant update on audit_event to ${role}; grant create on schema public to ${role}`).execute(the.db);
    expect(await excessiveRights(the.db)).toEqual([]);
  });

  it('has what the list says, no less and no more', async () => {
    expect(await lackingRights(the.db)).toEqual([]);
    expect(await excessiveRights(the.db)).toEqual([]);
    expect(await readSchemaState(the.db)).toEqual({ kind: 'current' });
  });
});

it('names every table and view of the schema, so that none is closed by oversight', async () => {
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v') order by relname collate "C"`.execute(
    the.owner,
  );
  // kysely's lock is taken by who migrates.
  const closed = ['leadsync_migration_lock'];
  expect([...Object.keys(runtimeRights), ...closed].toSorted()).toEqual(rows.map(({ name }) => name));
});

it('tells an owner of the tables from a role of the service', async () => {
  expect(await lackingRights(the.owner)).toEqual([]);
  const excess = await excessiveRights(the.owner);
  expect(excess).toContain('is a superuser');
  expect(excess.join('\n')).toMatch(/owns .*api_account/);
  expect(excess.join('\n')).toContain('audit_event');
});

it('keeps the owner, too, from changing an entry as long as the triggers are there', async () => {
  for (const statement of ['update audit_event set actor = null', 'delete from audit_seal', 'truncate audit_event']) {
    await expect(sql.raw(statement).execute(the.owner)).rejects.toThrow('append-only');
    const asReplica = the.owner.transaction().execute(async (transaction) => {
      await sql`set local session_replication_role = replica`.execute(transaction);
      await sql.raw(statement).execute(transaction);
    });
    await expect(asReplica).rejects.toThrow('append-only');
  }
});

const excesses: readonly (readonly [grant: string, revoke: string, says: readonly string[]])[] = [
  ['grant update on audit_event to', 'revoke update on audit_event from', ['may update audit_event']],
  ['grant update (actor) on audit_event to', 'revoke update on audit_event from', ['may update audit_event']],
  ['grant insert on audit_event to', 'revoke insert on audit_event from', ['may insert audit_event']],
  ['grant insert (at) on audit_event to', 'revoke insert (at) on audit_event from', ['may insert audit_event']],
  [
    'grant delete, truncate on audit_seal to',
    'revoke delete, truncate on audit_seal from',
    ['may delete audit_seal', 'may truncate audit_seal'],
  ],
  ['grant trigger on ledger_row to', 'revoke trigger on ledger_row from', ['may trigger ledger_row']],
  ['grant create on schema public to', 'revoke create on schema public from', ['may create in schema public']],
  ['grant pg_write_all_data to', 'revoke pg_write_all_data from', ['acts for pg_write_all_data']],
  ['grant pg_read_all_data to', 'revoke pg_read_all_data from', ['acts for pg_read_all_data']],
  [
    'grant select (payload) on blocked_payload to',
    'revoke select (payload) on blocked_payload from',
    ['may select blocked_payload'],
  ],
  [
    'grant update on sequence audit_event_seq_seq to',
    'revoke update on sequence audit_event_seq_seq from',
    ['may set the numbers of audit_event'],
  ],
  [
    'grant set on parameter session_replication_role to',
    'revoke set on parameter session_replication_role from',
    ['may set session_replication_role'],
  ],
];

describe('a role that may more', () => {
  beforeEach(async () => {
    await migrateLedger(the.owner, { runtimeRole: role });
  });

  it.each(excesses)('is told so: %s', async (grant, revoke, says) => {
    await sql.raw(`${grant} ${role}`).execute(the.owner);
    try {
      expect(await excessiveRights(the.db)).toEqual(expect.arrayContaining([...says]));
    } finally {
      await sql.raw(`${revoke} ${role}`).execute(the.owner);
    }
  });

  it.each([
    ['superuser', 'who is a superuser'],
    ['createrole', 'who may make roles'],
    ['replication', 'who may replicate everything'],
  ])('is told so of a role that it can become and does not inherit: %s', async (attribute, says) => {
    const other = `other_${randomBytes(4).toString('hex')}`;
    await sql.raw(`create role ${other} ${attribute}; grant ${other} to ${role} with inherit false`).execute(the.owner);
    try {
      expect(await excessiveRights(the.db)).toContain(`acts for ${other}, ${says}`);
    } finally {
      await sql.raw(`drop role ${other}`).execute(the.owner);
    }
  });

  it('is told what a role may that it can become and does not inherit', async () => {
    const other = `other_${randomBytes(4).toString('hex')}`;
    await sql
      .raw(
        `create role ${other}; grant delete on audit_event to ${other}; grant ${other} to ${role} with inherit false`,
      )
      .execute(the.owner);
    try {
      expect(await excessiveRights(the.db)).toEqual(['may delete audit_event']);
    } finally {
      await sql.raw(`revoke all on audit_event from ${other}; drop role ${other}`).execute(the.owner);
    }
  });

  it('loses it with the next migration', async () => {
    await sql
      .raw(`grant update, delete on audit_event to ${role}; grant update on sequence audit_event_seq_seq to ${role}`)
      .execute(the.owner);
    await migrateLedger(the.owner, { runtimeRole: role });
    expect(await excessiveRights(the.db)).toEqual([]);
  });
});

it('says what a role lacks, and that the ledger is behind for it', async () => {
  await sql.raw(`revoke update on file from ${role}; revoke insert on audit_event from ${role}`).execute(the.owner);
  expect((await lackingRights(the.db)).toSorted()).toEqual(['insert on audit_event', 'update on file']);
  expect(await readSchemaState(the.db)).toMatchObject({
    kind: 'behind',
    lacks: expect.stringContaining('update on file'),
  });
  await migrateLedger(the.owner, { runtimeRole: role });
  expect(await readSchemaState(the.db)).toEqual({ kind: 'current' });
});

/** Of what must not have changed. */
async function picture(): Promise<unknown> {
  const { rows } = await sql`select
    (select count(*) from audit_event) as events, (select string_agg(actor || seq, ',' order by seq) from audit_event) as actors,
    (select count(*) from audit_seal) as seals, (select count(*) from ledger_row) as rows, (select count(*) from attempt) as attempts,
    (select count(*) from pg_class where relnamespace = 'public'::regnamespace) as relations,
    (select count(*) from pg_trigger where tgenabled = 'A') as triggers`.execute(the.owner);
  return rows;
}
