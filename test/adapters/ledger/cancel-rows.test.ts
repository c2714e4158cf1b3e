import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCancelLedger } from '../../../src/adapters/ledger/cancel-rows.ts';
import { openDatabase } from '../../../src/adapters/ledger/database.ts';
import { createReplayLedger } from '../../../src/adapters/ledger/replays.ts';
import { cancelRows } from '../../../src/app/cancel-rows.ts';
import type { CancelLedger } from '../../../src/app/ports/cancel-ledger.ts';
import type { LedgerFile, NewFile } from '../../../src/app/ports/ledger.ts';
import type { RowSelection } from '../../../src/app/ports/replay-ledger.ts';
import { aLedger, actor, announce, hash, moveOf, mustRow, push, register, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let cancels: CancelLedger;

beforeAll(async () => {
  the = await aLedger('cancel rows');
  cancels = createCancelLedger(the.db);
});
afterAll(() => the.close());

const act = { actor: 'cli:ana', reason: 'ticket 8812' };

async function readFile(partner: string, count: number, kind: NewFile['kind'] = 'leads'): Promise<LedgerFile> {
  const file = await the.reading(kind, { partner });
  const rows = Array.from({ length: count }, (_, n) => the.newRow(n + 2));
  await the.ledger.insertRows(file, rows, count + 1, actor);
  await the.ledger.finishReading(file.id, actor);
  return file;
}

async function cancelAll(selection: RowSelection, ledger = cancels): Promise<number> {
  const { upTo } = await cancels.previewCancel(selection);
  return cancelRows({ cancels: ledger }, selection, upTo ?? '0', act);
}

/** The exact counts, which the counters have to agree with. */
async function countsOf(file: LedgerFile): Promise<Record<string, number>> {
  const exactly = await the.ledger.countExactly(file.id);
  expect((await the.ledger.fileView(file.id))?.counts).toEqual(exactly);
  return { ...exactly };
}

describe('cancelling rows by what they have in common', () => {
  it('takes what was not sent and what failed, and tells what it can do nothing about', async () => {
    const file = await readFile('mixed', 7);
    const [sent, announced, failed, waiting, doubtful, repeating] = await the.rowsOf(file);
    if (!sent || !announced || !failed || !waiting || !doubtful || !repeating) throw new Error('seven rows');
    await register(the.ledger, sent, 'L-mixed');
    await announce(the.ledger, announced);
    await the.ledger.move(moveOf(failed, 'failed', { set: { code: 'API_KO' } }));
    await the.ledger.move(moveOf(waiting, 'waiting', { set: { step: 'check', code: 'API_KO' }, dueInMs: 0 }));
    await the.ledger.move(moveOf(await announce(the.ledger, doubtful), 'in_doubt', { set: { code: 'API_NO_ANSWER' } }));
    const repeats = { set: { step: 'create', code: 'API_NO_ANSWER' }, dueInMs: 0 } as const;
    await the.ledger.move(moveOf(await announce(the.ledger, repeating), 'waiting', repeats));
    const { groups } = await cancels.previewCancel({ partner: 'mixed' });
    expect(groups.map(({ state, code, n, canBeCancelled }) => [state, code, n, canBeCancelled])).toEqual([
      ['failed', 'API_KO', 1, true],
      ['in_doubt', 'API_NO_ANSWER', 1, false],
      ['received', null, 1, true],
      ['registered', null, 1, false],
      ['submitting', null, 1, false],
      ['waiting', 'API_KO', 1, true],
      ['waiting', 'API_NO_ANSWER', 1, false],
    ]);
    expect(await cancelAll({ partner: 'mixed' })).toBe(3);
    expect(await cancelAll({ partner: 'mixed' })).toBe(0);
    expect(await countsOf(file)).toEqual({ registered: 1, submitting: 1, in_doubt: 1, waiting: 1, cancelled: 3 });
    const { rows } = await sql`select from audit_event where action = 'row.cancelled' and partner = 'mixed'
      and actor = 'cli:ana' and reason = 'ticket 8812' and to_state = 'cancelled'`.execute(the.db);
    expect(rows).toHaveLength(3);
  });

  it('means the rows that were looked at, and none that came later', async () => {
    const file = await readFile('later', 3);
    const { upTo } = await cancels.previewCancel({ partner: 'later' });
    const later = await readFile('later', 2);
    expect(await cancelRows({ cancels }, { partner: 'later' }, upTo ?? '', act)).toBe(3);
    expect([await countsOf(file), await countsOf(later)]).toEqual([{ cancelled: 3 }, { received: 2 }]);
  });

  it('goes on where it was broken off, and cancels no row twice for two people', async () => {
    const file = await readFile('broken off', 5_000);
    const theirs = openDatabase(the.url, { max: 2 });
    const selection = { fileId: file.id };
    const { upTo } = await cancels.previewCancel(selection);
    await cancels.cancelSome(selection, { after: '0', upTo: upTo ?? '', limit: 700 }, act);
    const both = await Promise.all([cancelAll(selection), cancelAll(selection, createCancelLedger(theirs.db))]);
    await theirs.close();
    expect(both[0] + both[1]).toBe(4_300);
    expect(await countsOf(file)).toEqual({ cancelled: 5_000 });
    const { rows } = await sql`select from audit_event where action = 'row.cancelled' and file_id = ${file.id}`.execute(
      the.db,
    );
    expect(rows).toHaveLength(5_000);
  });

  it('takes rejected rows by their state alone, and a replay never brings back what was unfit to be sent', async () => {
    const file = await the.reading('leads', { partner: 'refused' });
    const unfit = the.newRow(2, { state: 'rejected', code: 'ROW_CONSENT_REFUSED' });
    await the.ledger.insertRows(file, [unfit, the.newRow(3)], 3, actor);
    await the.ledger.finishReading(file.id, actor);
    await the.ledger.move(moveOf(await the.rowOf(file, 3), 'rejected', { set: { code: 'API_CONFLICT' } }));
    expect(await cancelAll({ partner: 'refused' })).toBe(0);
    expect(await cancelAll({ partner: 'refused', state: 'rejected' })).toBe(2);
    expect(await countsOf(file)).toEqual({ cancelled: 2 });
    const groups = await createReplayLedger(the.db).previewReplay({ partner: 'refused', state: 'cancelled' });
    expect(groups.map((group) => `${group.class}: ${group.n}`).toSorted()).toEqual([
      'needs_corrected_file: 1',
      'safe: 1',
    ]);
  });

  it('lets the next update of the lead go, and a correction that waited behind the row', async () => {
    const leads = await readFile('let go', 1);
    const lead = await register(the.ledger, await the.rowOf(leads, 2), 'L-let-go');
    const updates = await readFile('let go', 2, 'updates');
    const [older, newer] = await the.rowsOf(updates);
    if (!older || !newer) throw new Error('two updates');
    await sql`update ledger_row set lead_row = ${lead.id} where file_id = ${updates.id}`.execute(the.db);
    await the.ledger.move(moveOf(older, 'waiting', { set: { step: 'push' }, dueInMs: 0 }));
    await the.ledger.move(moveOf(await mustRow(the.ledger, older.id), 'failed', { set: { code: 'API_KO' } }));
    expect((await the.ledger.updateTurn(await mustRow(the.ledger, newer.id))).held).toBe(true);
    expect(await cancelAll({ rowId: older.id })).toBe(1);
    expect((await the.ledger.updateTurn(await mustRow(the.ledger, newer.id))).held).toBe(false);
    await push(the.ledger, await mustRow(the.ledger, newer.id), lead.id);

    const identity = hash('a lead and its correction');
    const files: LedgerFile[] = [];
    for (const content of ['old', 'new']) {
      const file = await the.reading('leads', { partner: 'correction' });
      await the.ledger.insertRows(file, [the.newRow(2, { identity, content: hash(content) })], 2, actor);
      await the.ledger.finishReading(file.id, actor);
      files.push(file);
    }
    const [first, correction] = files;
    if (!first || !correction) throw new Error('two files');
    expect(await cancelAll({ fileId: first.id })).toBe(1);
    await the.ledger.followLeads(actor);
    expect((await the.rowOf(correction, 2)).state).toBe('received');
  });
});
