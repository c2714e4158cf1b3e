import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAnnounced } from '../../../src/adapters/ledger/announced.ts';
import { createGapLedger } from '../../../src/adapters/ledger/gap.ts';
import { createLedger } from '../../../src/adapters/ledger/ledger.ts';
import type { LedgerRow } from '../../../src/app/ports/row.ts';
import { aLedger, actor, announce, hash, moveOf, mustRow, register, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('row moves');
});
afterAll(() => the.close());

async function receivedRows(count: number): Promise<readonly LedgerRow[]> {
  const file = await the.reading();
  const rows = Array.from({ length: count }, (_, index) =>
    the.newRow(index + 2, { identity: hash(`${file.id} ${index}`) }),
  );
  await the.ledger.insertRows(file, rows, count + 1, actor);
  return the.rowsOf(file);
}

async function receivedRow(): Promise<LedgerRow> {
  const [row] = await receivedRows(1);
  return row as LedgerRow;
}

describe('a move', () => {
  test('is won by exactly one of many that try the same, in two processes', async () => {
    const rows = await receivedRows(20);
    const results = await Promise.all(
      rows.flatMap((row) =>
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? the.ledger : the.other).move(moveOf(row, 'checked')),
        ),
      ),
    );
    expect(results.filter((result) => result.won)).toHaveLength(20);
    for (const row of rows) expect(await mustRow(the.ledger, row.id)).toMatchObject({ state: 'checked', version: 1 });
    const history = await Promise.all(rows.map((row) => the.ledger.history(row.id)));
    expect(history.map((lines) => lines.length)).toEqual(rows.map(() => 1));
  });

  test('is lost when state, fence, version or attempt is another', async () => {
    const row = await announce(the.ledger, await receivedRow());
    const lost = { won: false, why: 'moved_on' };
    expect(await the.ledger.move(moveOf(row, 'in_doubt', { from: ['checked'] }))).toEqual(lost);
    expect(await the.ledger.move(moveOf(row, 'in_doubt', { fence: row.fence - 1 }))).toEqual(lost);
    expect(await the.ledger.move(moveOf(row, 'in_doubt', { version: row.version - 1 }))).toEqual(lost);
    expect(await the.ledger.move(moveOf(row, 'in_doubt', { attempt: randomUUID() }))).toEqual(lost);
    expect(await mustRow(the.ledger, row.id)).toMatchObject({ state: 'submitting', version: row.version });
  });

  test('that the state machine forbids is refused by the database itself', async () => {
    const row = await register(the.ledger, await receivedRow(), randomUUID());
    await expect(the.ledger.move(moveOf(row, 'received'))).rejects.toThrow(/illegal move lead:registered>received/);
    await expect(
      sql`update ledger_row set state = 'waiting', step = 'create' where id = ${row.id}`.execute(the.db),
    ).rejects.toThrow(/illegal move/);
  });

  test('that the database refuses does not fail its neighbours in the statement', async () => {
    const rows = await receivedRows(9);
    const results = await Promise.allSettled(
      rows.map((row, index) =>
        the.ledger.move(
          index === 4 ? moveOf(row, 'registered', { set: { leadId: randomUUID() } }) : moveOf(row, 'checked'),
        ),
      ),
    );
    expect(results.map((result) => result.status === 'fulfilled' && result.value.won)).toEqual(
      rows.map((_, index) => index !== 4),
    );
    expect(results[4]?.status).toBe('rejected');
  });

  test('says that a leadId is taken, asked at once or one after the other', async () => {
    const rows = await receivedRows(3);
    const announced = await Promise.all(rows.map((row) => announce(the.ledger, row)));
    const leadId = randomUUID();
    const toRegistered = (row: LedgerRow | undefined) =>
      the.ledger.move(moveOf(row as LedgerRow, 'registered', { set: { leadId } }));
    const both = await Promise.all([toRegistered(announced[0]), toRegistered(announced[1])]);
    expect(both.filter((result) => result.won)).toHaveLength(1);
    expect(both.find((result) => !result.won)).toEqual({ won: false, why: 'taken' });
    expect(await toRegistered(announced[2])).toEqual({ won: false, why: 'taken' });
    expect(await mustRow(the.ledger, announced[2]?.id ?? '')).toMatchObject({ state: 'submitting', leadId: null });
  });

  test('says that a replayed lead is taken when another row holds its identity meanwhile', async () => {
    const row = await receivedRow();
    await the.ledger.move(moveOf(row, 'rejected', { set: { code: 'ROW_FIELD_MISSING' } }));
    const identity = await identityOf(row.id);
    const file = await the.reading();
    await the.ledger.insertRows(file, [the.newRow(2, { identity, content: hash('corrected') })], 2, actor);
    expect((await the.rowOf(file, 2)).state).toBe('received');
    const rejected = await mustRow(the.ledger, row.id);
    expect(await the.ledger.move(moveOf(rejected, 'received'))).toEqual({ won: false, why: 'taken' });
  });
});

async function identityOf(rowId: string): Promise<string> {
  const { rows } = await sql<{ identity: string }>`select identity from ledger_row where id = ${rowId}`.execute(the.db);
  return rows[0]?.identity ?? '';
}

describe('a ledger that has forgotten a create which this process announced', () => {
  test('takes no further intent of it, also not of a client check, until the gap is recovered', async () => {
    const [one, two, three] = await receivedRows(3);
    const process = createLedger(the.db);
    const announced = await announce(process, one as LedgerRow);
    // Restored from before: the row is what it was, and of its attempt there is no trace.
    await sql`delete from attempt where id = ${announced.attemptId}`.execute(the.owner);
    const stopped = { won: false, why: 'stopped' };
    const begin = { attemptId: randomUUID(), step: 'check', instance: 'worker-1' } as const;
    const check = moveOf(two as LedgerRow, 'waiting', { set: { step: 'check' }, begin });
    expect(await process.move(check)).toEqual(stopped);
    await expect(announce(process, three as LedgerRow)).rejects.toThrow('stopped');
    // What begins nothing goes on, and another process has nothing to miss.
    expect(await process.move(moveOf(two as LedgerRow, 'cancelled'))).toMatchObject({ won: true });

    await createGapLedger(the.db).settle([announced.attemptId ?? '']);
    const checked = await mustRow(process, three?.id ?? '');
    const create = { attemptId: randomUUID(), step: 'create', instance: 'worker-1' } as const;
    const intent = moveOf(checked, 'submitting', { newFence: true, set: { holder: 'worker-1' }, begin: create });
    expect(await process.move(intent)).toMatchObject({ won: true });
  });
});

describe("a ledger that has forgotten the newest create of this process's host", () => {
  test('takes no intent of a process that has announced nothing itself, until the gap is recovered', async () => {
    const [one, two] = await receivedRows(2);
    const before = await announce(createLedger(the.db), one as LedgerRow);
    const announced = createAnnounced();
    announced.witness(before.attemptId ?? '');
    const heir = createLedger(the.db, the.db, announced);
    await sql`delete from attempt where id = ${before.attemptId}`.execute(the.owner);
    await expect(announce(heir, two as LedgerRow)).rejects.toThrow('stopped');
    await createGapLedger(the.db).settle([before.attemptId ?? '']);
    const checked = await mustRow(heir, two?.id ?? '');
    const begin = { attemptId: randomUUID(), step: 'create', instance: 'worker-1' } as const;
    const intent = moveOf(checked, 'submitting', { newFence: true, set: { holder: 'worker-1' }, begin });
    expect(await heir.move(intent)).toMatchObject({ won: true });
  });
});

describe('a ledger that has forgotten a create of which nothing left', () => {
  test('misses nothing: no spool has it, so nobody could recover it', async () => {
    const [one, two] = await receivedRows(2);
    const process = createLedger(the.db);
    const announced = await announce(process, one as LedgerRow);
    const attemptId = announced.attemptId ?? '';
    const end = {
      attemptId,
      evidence: 'never_written',
      httpStatus: null,
      outcome: 'not_sent',
      code: 'SPOOL_UNWRITABLE',
    } as const;
    await process.move(moveOf(announced, 'waiting', { dueInMs: 0, set: { step: 'create' }, end }));
    await sql`delete from attempt where id = ${attemptId}`.execute(the.owner);
    expect((await announce(process, two as LedgerRow)).state).toBe('submitting');
  });
});

describe('one statement', () => {
  test('writes row, attempt, audit event and the counters of the file', async () => {
    const row = await receivedRow();
    const announced = await announce(the.ledger, row);
    const attemptId = announced.attemptId as string;
    expect(await the.ledger.attempts(row.id)).toMatchObject([
      { id: attemptId, step: 'create', fence: 1, instance: 'worker-1', endedAt: null },
    ]);
    const end = {
      attemptId,
      evidence: 'response_complete',
      httpStatus: 200,
      outcome: 'answered',
      code: null,
    } as const;
    await the.ledger.move(moveOf(announced, 'registered', { attempt: attemptId, set: { leadId: randomUUID() }, end }));
    expect(await the.ledger.attempts(row.id)).toMatchObject([{ evidence: 'response_complete', httpStatus: 200 }]);
    expect((await the.ledger.history(row.id)).map(({ from, to }) => [from, to])).toEqual([
      ['received', 'checked'],
      ['checked', 'submitting'],
      ['submitting', 'registered'],
    ]);
    const view = await the.ledger.fileView(row.fileId as string);
    expect(view?.counts).toEqual({ registered: 1 });
    expect(await movesOf(row.fileId as string)).toBe(3);
    await the.ledger.sumUp();
    expect((await the.ledger.fileView(row.fileId as string))?.counts).toEqual({ registered: 1 });
    expect(await movesOf(row.fileId as string)).toBe(3);
  });

  test('rolls back as a whole', async () => {
    const row = await receivedRow();
    const before = await Promise.all(['attempt', 'audit_event', 'file_delta'].map((table) => the.count(table)));
    const begin = { attemptId: randomUUID(), step: 'create', instance: 'worker-1' } as const;
    await expect(the.ledger.move(moveOf(row, 'submitting', { set: { holder: 'worker-1' }, begin }))).rejects.toThrow(
      /illegal move/,
    );
    expect(await Promise.all(['attempt', 'audit_event', 'file_delta'].map((table) => the.count(table)))).toEqual(
      before,
    );
  });
});

async function movesOf(fileId: string): Promise<number> {
  const { rows } = await sql<{ moves: number }>`
    select sum(moves)::int as moves from file_tally where file_id = ${fileId}`.execute(the.db);
  return rows[0]?.moves ?? 0;
}

describe('an answer that comes late', () => {
  const end = { evidence: 'response_complete', httpStatus: 500, outcome: 'refused', code: null } as const;

  test('is kept on its attempt although the row has moved on', async () => {
    const row = await announce(the.ledger, await receivedRow());
    const attemptId = row.attemptId as string;
    await the.ledger.move(moveOf(row, 'in_doubt'));
    const inDoubt = await mustRow(the.ledger, row.id);
    await the.ledger.move(moveOf(inDoubt, 'waiting', { newFence: true, set: { step: 'create' } }));
    const late = await the.ledger.move(moveOf(row, 'rejected', { attempt: attemptId, end: { ...end, attemptId } }));
    expect(late).toEqual({ won: false, why: 'moved_on' });
    expect(await the.ledger.attempts(row.id)).toMatchObject([{ id: attemptId, outcome: 'refused', httpStatus: 500 }]);
    expect(await lateOf(attemptId)).toBe(true);
  });

  test('is not what a repeated write of the same answer makes of it', async () => {
    const row = await announce(the.ledger, await receivedRow());
    const attemptId = row.attemptId as string;
    const move = moveOf(row, 'rejected', { attempt: attemptId, end: { ...end, attemptId } });
    expect((await the.ledger.move(move)).won).toBe(true);
    expect((await the.ledger.move(move)).won).toBe(false);
    expect(await lateOf(attemptId)).toBe(false);
  });
});

async function lateOf(attemptId: string): Promise<boolean | undefined> {
  const { rows } = await sql<{ late: boolean }>`select late from attempt where id = ${attemptId}`.execute(the.db);
  return rows[0]?.late;
}
