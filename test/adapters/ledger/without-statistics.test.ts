import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type LedgerDatabase } from '../../../src/adapters/ledger/database.ts';
import { createLedger } from '../../../src/adapters/ledger/ledger.ts';
import { migrateLedger } from '../../../src/adapters/ledger/migrate.ts';
import type { Ledger, LedgerFile } from '../../../src/app/ports/ledger.ts';
import type { LedgerRow } from '../../../src/app/ports/row.ts';
import { actor, aLedger, hash, partner, type TestLedger } from './a-ledger.ts';

const leads = 3_000;
const updates = 100;

let the: TestLedger;
let file: LedgerFile;

/** A night's leads in a ledger that is as young: nobody has counted its tables yet. */
beforeAll(async () => {
  the = await aLedger('without statistics');
  for (const table of ['ledger_row', 'attempt'])
    await sql`alter table ${sql.table(table)} set (autovacuum_enabled = off)`.execute(the.owner);
  file = await the.reading('leads');
  const rows = Array.from({ length: leads }, (_, index) => the.newRow(index + 2, { partnerLeadId: ownIdOf(index) }));
  // On a connection that has ended before anything is counted: a living one tells what it has read when it likes.
  await onOneConnection(async (ledger) => {
    await ledger.insertRows(file, rows, leads + 1, actor);
  });
});
afterAll(() => the.close());

const ownIdOf = (index: number): string => hash(`own id ${index}`);

describe('before the database has its first statistics', () => {
  it('the lead of an update is found without a look at the other leads', async () => {
    const read = await indexEntriesReadBy(async (ledger) => {
      const { file: accepted } = await ledger.acceptFile(the.newFile({ kind: 'updates' }));
      const reading = await ledger.startReading(accepted.id, actor);
      if (reading === null) throw new Error('the file cannot be read');
      const rows = Array.from({ length: updates }, (_, index) =>
        the.newRow(index + 2, { identity: null, partnerLeadId: ownIdOf(index * 7) }),
      );
      await ledger.insertRows(reading, rows, updates + 1, actor);
      for (let index = 0; index < updates; index += 1)
        await ledger.findLead(partner, { leadId: null, partnerLeadId: ownIdOf(index * 7) });
    });
    expect(read).toBeLessThan(updates * 30);
  });

  it('an attempt is ended without a look at the others', async () => {
    const row = await the.rowOf(file, 2);
    await sql`insert into attempt (id, row_id, step, fence, instance)
      select gen_random_uuid(), ${row.id}::bigint, 'check', 0, 'test' from generate_series(1, 2000)`.execute(the.db);
    const attemptId = randomUUID();
    const before = await scanned('attempt');
    await onOneConnection(async (ledger) => {
      const move = { rowId: row.id, from: ['received' as const], fence: row.fence, to: null, audit: null };
      await ledger.move({ ...move, begin: { attemptId, step: 'check', instance: 'test' } });
      const end = {
        attemptId,
        evidence: 'response_complete',
        httpStatus: 200,
        outcome: 'answered',
        code: null,
      } as const;
      expect((await ledger.move({ ...move, end })).won).toBe(true);
    });
    expect((await scanned('attempt')) - before).toBeLessThan(2_000);
    expect(await the.ledger.attempts(row.id)).toContainEqual(
      expect.objectContaining({ id: attemptId, outcome: 'answered' }),
    );
  });
});

describe('a process that starts', () => {
  it('waits for no row that is being written, and lets none wait', async () => {
    const starting = openDatabase(the.adminUrl, { max: 2 });
    await the.db.transaction().execute(async (transaction) => {
      await sql`update ledger_row set updated_at = clock_timestamp() where file_id = ${file.id} and row_number = 3`.execute(
        transaction,
      );
      await migrateLedger(starting.db);
    });
    await starting.close();
  });

  it('mends moves that are not those of its version', async () => {
    await sql
      .raw(
        `create or replace function refuse_illegal_move() returns trigger language plpgsql as $$ begin return new; end $$`,
      )
      .execute(the.owner);
    await migrateLedger(the.owner);
    const illegal = sql`update ledger_row set state = 'abandoned' where file_id = ${file.id} and row_number = 4`;
    await expect(illegal.execute(the.db)).rejects.toThrow('illegal move');
  });
});

describe('a plan that was made while the tables were empty', () => {
  it('finds its rows by an index when they are full', async () => {
    const reading = await the.reading('leads');
    await sql`truncate attempt, ledger_row cascade`.execute(the.owner);
    const [before, beforeAttempts] = [await scanned('ledger_row'), await scanned('attempt')];
    await onOneConnection(async (ledger) => {
      await ledger.insertRows(reading, [the.newRow(2)], 2, actor);
      await checkOnce(ledger, await the.rowOf(reading, 2));
      const rows = Array.from({ length: leads }, (_, index) => the.newRow(index + 3));
      await ledger.insertRows(reading, rows, leads + 2, actor);
      for (const row of await ledger.rows({ fileId: reading.id, limit: 100 })) await checkOnce(ledger, row);
    });
    // Reading the whole file of rows by the other connections is not among them: those go by an index.
    expect((await scanned('ledger_row')) - before).toBeLessThan(leads);
    expect((await scanned('attempt')) - beforeAttempts).toBeLessThan(leads);
  });

  async function checkOnce(ledger: Ledger, row: LedgerRow): Promise<void> {
    const attemptId = randomUUID();
    const move = { rowId: row.id, from: ['received' as const], fence: row.fence, to: null, audit: null };
    await ledger.move({ ...move, begin: { attemptId, step: 'check', instance: 'test' } });
    const end = { attemptId, evidence: 'response_complete', httpStatus: 200, outcome: 'answered', code: null } as const;
    expect((await ledger.move({ ...move, end })).won).toBe(true);
    expect((await ledger.row(row.id))?.id).toBe(row.id);
    await ledger.findLead(partner, { leadId: 'F1', partnerLeadId: ownIdOf(1) });
  }
});

async function indexEntriesReadBy(work: (ledger: Ledger) => Promise<void>): Promise<number> {
  const before = await counted('sum(idx_tup_read)', 'pg_stat_user_indexes');
  await onOneConnection(work);
  return (await counted('sum(idx_tup_read)', 'pg_stat_user_indexes')) - before;
}

const scanned = (table: string): Promise<number> => counted('sum(seq_tup_read)', 'pg_stat_user_tables', table);

async function counted(what: string, view: string, table = 'ledger_row'): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select ${sql.raw(what)}::float8 as n from ${sql.table(view)} where relname = ${table}`.execute(the.db);
  return rows[0]?.n ?? 0;
}

/** What it has read is counted when its connections end: one of each pool. */
async function onOneConnection(work: (ledger: Ledger) => Promise<void>): Promise<void> {
  const opened = openDatabase(the.url, { max: 1, maxPlanned: 1 });
  await work(createLedger(opened.db, opened.planned));
  const pids = await Promise.all([opened.db, opened.planned].map(pidOf));
  await opened.close();
  for (const pid of pids) await untilGone(the.db, pid);
}

async function pidOf(db: LedgerDatabase): Promise<number> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  return rows[0]?.pid ?? 0;
}

async function untilGone(db: LedgerDatabase, pid: number): Promise<void> {
  for (;;) {
    const { rows } = await sql`select from pg_stat_activity where pid = ${pid}`.execute(db);
    if (rows.length === 0) return;
  }
}
