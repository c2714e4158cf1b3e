import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerFile } from '../../../src/app/ports/ledger.ts';
import { aLedger, actor, announce, hash, moveOf, mustRow, register, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('follow leads');
});
afterAll(() => the.close());

/** A file with one row of the lead `label` that says `content`. */
async function fileWith(label: string, content: string): Promise<LedgerFile> {
  const file = await the.reading();
  await the.ledger.insertRows(file, [the.newRow(2, { identity: hash(label), content: hash(content) })], 2, actor);
  await the.ledger.finishReading(file.id, actor);
  return file;
}

const only = (file: LedgerFile) => the.rowOf(file, 2);

async function settle(file: LedgerFile): Promise<number | null> {
  const issued = await the.ledger.readResult(file.id, async ({ version, moves }) => ({ version, moves }));
  if (issued !== null) await the.ledger.settleFile(file.id, issued, actor);
  return issued?.version ?? null;
}

const toSettle = async (file: LedgerFile): Promise<boolean> =>
  (await the.ledger.filesToSettle()).some(({ id }) => id === file.id);

async function eventsOf(rowId: string): Promise<string[]> {
  return (await the.ledger.history(rowId)).map((line) => line.action);
}

describe('a held correction', () => {
  test.each(['rejected', 'failed', 'not_managed'] as const)(
    'goes to work when the row before it is %s',
    async (end) => {
      const [first, correction] = [await fileWith(`held ${end}`, 'old'), await fileWith(`held ${end}`, 'new')];
      expect(await only(correction)).toMatchObject({ state: 'duplicate', code: 'ROW_LEAD_CHANGE_HELD' });
      await the.ledger.move(moveOf(await only(first), end, { set: { code: 'API_KO' } }));
      await the.ledger.followLeads(actor);
      expect(await only(correction)).toMatchObject({
        state: 'received',
        code: null,
        duplicateOf: null,
        version: 1,
        nextAt: expect.any(Date),
      });
      expect((await only(first)).state).toBe(end === 'failed' ? 'cancelled' : end);
      expect((await the.ledger.fileView(correction.id))?.counts).toEqual({ received: 1 });
      expect(await eventsOf((await only(correction)).id)).toContain('row.released');
    },
  );

  test('is told when the lead was created from the row before it', async () => {
    const [first, correction] = [await fileWith('created', 'old'), await fileWith('created', 'new')];
    await register(the.ledger, await only(first), 'L-follow-1');
    await the.ledger.followLeads(actor);
    expect(await only(correction)).toMatchObject({ state: 'duplicate', code: 'ROW_LEAD_CHANGED', version: 1 });
    expect(await the.ledger.followLeads(actor)).toBe(0);
  });

  test('waits while the row before it is in doubt, and goes when a person finds that it was not created', async () => {
    const [first, correction] = [await fileWith('doubt', 'old'), await fileWith('doubt', 'new')];
    const announced = await announce(the.ledger, await only(first));
    await the.ledger.move(moveOf(announced, 'in_doubt', { set: { code: 'API_NO_ANSWER', step: null } }));
    await the.ledger.followLeads(actor);
    expect(await only(correction)).toMatchObject({ state: 'duplicate', code: 'ROW_LEAD_CHANGE_HELD' });
    await the.ledger.move(moveOf(await only(first), 'rejected', { set: { code: 'API_REFUSED' } }));
    await the.ledger.followLeads(actor);
    expect(await only(correction)).toMatchObject({ state: 'received' });
  });

  test('that is older than another one gives way to it', async () => {
    const first = await fileWith('three', 'one');
    const [second, third] = [await fileWith('three', 'two'), await fileWith('three', 'three')];
    await the.ledger.move(moveOf(await only(first), 'rejected', { set: { code: 'API_REFUSED' } }));
    await the.ledger.followLeads(actor);
    const newest = await only(third);
    expect(newest).toMatchObject({ state: 'received' });
    expect(await only(second)).toMatchObject({ state: 'duplicate', code: 'ROW_REPLACED', duplicateOf: newest.id });
    // It has a follower of its own from now on.
    await register(the.ledger, newest, 'L-follow-2');
    expect(await the.ledger.followLeads(actor)).toBe(1);
  });

  test('stays behind whoever has taken the lead meanwhile', async () => {
    const [first, correction] = [await fileWith('retaken', 'old'), await fileWith('retaken', 'new')];
    await the.ledger.move(moveOf(await only(first), 'rejected', { set: { code: 'API_REFUSED' } }));
    const retaken = await fileWith('retaken', 'newest');
    await the.ledger.followLeads(actor);
    const holder = await only(retaken);
    expect(holder.state).toBe('received');
    expect(await only(correction)).toMatchObject({ state: 'duplicate', duplicateOf: holder.id });
    await the.ledger.move(moveOf(holder, 'not_managed'));
    await the.ledger.followLeads(actor);
    expect((await only(correction)).state).toBe('received');
  });
});

describe('a repeat', () => {
  test('has its result issued again when the row before it moves, in whatever file that is', async () => {
    const [first, repeat] = [await fileWith('issued', 'same'), await fileWith('issued', 'same')];
    await the.ledger.move(moveOf(await only(first), 'failed', { set: { code: 'API_KO' } }));
    await the.ledger.followLeads(actor);
    expect(await settle(repeat)).toBe(1);
    expect(await toSettle(repeat)).toBe(false);

    await the.ledger.move(moveOf(await mustRow(the.ledger, (await only(first)).id), 'received', { newFence: true }));
    await register(the.ledger, await only(first), 'L-follow-3');
    await the.ledger.followLeads(actor);
    expect(await toSettle(repeat)).toBe(true);
    expect(await settle(repeat)).toBe(2);
  });

  test('goes to work when the row before it was cancelled with its file', async () => {
    const gone = await the.reading();
    const row = the.newRow(2, { identity: hash('with its file'), content: hash('same') });
    await the.ledger.insertRows(gone, [row], 2, actor);
    const repeat = await fileWith('with its file', 'same');
    expect((await only(repeat)).state).toBe('duplicate');
    await the.ledger.abandonFile(gone.id, 'quarantined', 'FILE_CHANGED_WHILE_READ', actor);
    await the.ledger.followLeads(actor);
    expect((await only(repeat)).state).toBe('received');
  });

  test('follows whoever has gone to work in the place of the row before them both', async () => {
    const gone = await the.reading();
    const row = the.newRow(2, { identity: hash('third of three'), content: hash('same') });
    await the.ledger.insertRows(gone, [row], 2, actor);
    const [second, third] = [await fileWith('third of three', 'same'), await fileWith('third of three', 'same')];
    await the.ledger.abandonFile(gone.id, 'quarantined', 'FILE_CHANGED_WHILE_READ', actor);
    await the.ledger.followLeads(actor);
    const atWork = await only(third);
    expect(atWork.state).toBe('received');
    expect(await only(second)).toMatchObject({ state: 'duplicate', code: 'ROW_DUPLICATE', duplicateOf: atWork.id });

    // That one's file is cancelled as well: the lead is not lost with it.
    await the.ledger.cancelRows(third.id, 'FILE_REJECTED', { actor, reason: 'not wanted' });
    await the.ledger.followLeads(actor);
    expect((await only(second)).state).toBe('received');
  });

  test('follows whoever has taken the lead before it could go to work', async () => {
    const gone = await the.reading();
    const row = the.newRow(2, { identity: hash('taken'), content: hash('same') });
    await the.ledger.insertRows(gone, [row], 2, actor);
    const repeat = await fileWith('taken', 'same');
    await the.ledger.abandonFile(gone.id, 'quarantined', 'FILE_CHANGED_WHILE_READ', actor);
    const holder = await only(await fileWith('taken', 'same'));
    expect(holder.state).toBe('received');
    await the.ledger.followLeads(actor);
    expect(await only(repeat)).toMatchObject({ state: 'duplicate', duplicateOf: holder.id });
    await register(the.ledger, holder, 'L-follow-taken');
    expect(await the.ledger.followLeads(actor)).toBe(1);
  });

  test('is told as well when whoever has taken the lead has ended already', async () => {
    const gone = await the.reading();
    const row = the.newRow(2, { identity: hash('ended'), content: hash('same') });
    await the.ledger.insertRows(gone, [row], 2, actor);
    const repeat = await fileWith('ended', 'same');
    await the.ledger.abandonFile(gone.id, 'quarantined', 'FILE_CHANGED_WHILE_READ', actor);
    const holder = await fileWith('ended', 'other');
    await register(the.ledger, await only(holder), 'L-follow-ended');
    while ((await the.ledger.followLeads(actor)) > 0);
    expect(await only(repeat)).toMatchObject({
      state: 'duplicate',
      code: 'ROW_LEAD_CHANGED',
      duplicateOf: (await only(holder)).id,
    });
  });
});

test('a duplicate that is written while the row before it ends is not forgotten', async () => {
  const first = await fileWith('at once', 'old');
  const second = await the.reading();
  const correction = the.newRow(2, { identity: hash('at once'), content: hash('new') });
  const row = await only(first);
  // The insert has marked the row and not committed when the move comes.
  await the.db
    .transaction()
    .execute(async (blocker) => {
      await sql`lock table file_delta in share mode`.execute(blocker);
      const inserting = the.ledger.insertRows(second, [correction], 2, actor);
      await untilWaiting(1);
      const moving = the.other.move(moveOf(row, 'rejected', { set: { code: 'API_REFUSED' } }));
      await untilWaiting(2);
      return { inserting, moving };
    })
    .then(async ({ inserting, moving }) => Promise.all([inserting, moving]));
  await the.ledger.followLeads(actor);
  expect((await only(second)).state).toBe('received');
});

async function untilWaiting(count: number): Promise<void> {
  for (;;) {
    const { rows } = await sql<{
      n: number;
    }>`select count(distinct pid)::int as n from pg_locks where not granted
        and database = (select oid from pg_database where datname = current_database())`.execute(the.db);
    if ((rows[0]?.n ?? 0) >= count) return;
  }
}
