import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerFile } from '../../../src/app/ports/ledger.ts';
import { aLedger, actor, announce, hash, moveOf, mustRow, register, type TestLedger } from './a-ledger.ts';

const act = { actor: 'cli:ana', reason: 'ticket 8812' };

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('held files');
});
afterAll(() => the.close());

/** A file of so many leads of a partner of its own, read to its end. */
async function readFile(partner: string, rows: number, firstRows = 0): Promise<LedgerFile> {
  const file = await the.reading('leads', { partner });
  const all = Array.from({ length: rows }, (_, index) => the.newRow(index + 2));
  await the.ledger.insertRows(file, all, rows + 1, actor);
  const read = await the.ledger.finishReading(file.id, actor, { problems: [], firstRows });
  if (read === null) throw new Error('the file was not read');
  return read;
}

async function due(partner: string): Promise<number> {
  return (await the.ledger.dueRows('lead', partner, null, 1_000)).length;
}

const view = (file: LedgerFile) => the.ledger.fileView(file.id);

describe('rows of a file', () => {
  test('go to work once it is read, in their order', async () => {
    const file = await the.reading('leads', { partner: 'order' });
    await the.ledger.insertRows(file, [the.newRow(2), the.newRow(3)], 3, actor);
    expect(await due('order')).toBe(0);
    await the.ledger.finishReading(file.id, actor);
    expect(await due('order')).toBe(2);
    const rows = await the.ledger.dueRows('lead', 'order', null, 10);
    expect(rows.map(({ id }) => id)).toEqual((await the.rowsOf(file)).map(({ id }) => id));
    expect(await view(file)).toMatchObject({ state: 'read', heldBack: 0 });
  });

  test('stay where they are when the file is held at its end, with what a person has to look at', async () => {
    const file = await the.reading('leads', { partner: 'guarded' });
    await the.ledger.insertRows(file, [the.newRow(2)], 2, actor);
    const problems = [{ code: 'FILE_SIZE_UNUSUAL', detail: { rows: 1, usual: 90 } }] as const;
    await the.ledger.finishReading(file.id, actor, { problems, firstRows: 0 });
    expect(await due('guarded')).toBe(0);
    expect(await view(file)).toMatchObject({
      state: 'held',
      heldFrom: 'read',
      code: 'FILE_SIZE_UNUSUAL',
      heldBecause: problems,
      heldBack: 1,
    });
    expect(await the.ledger.releaseFile(file.id, act)).toMatchObject({ state: 'read', code: null, heldBecause: [] });
    expect(await due('guarded')).toBe(1);
  });

  test('go as far as firstRows says, and the others when the file is released', async () => {
    const file = await readFile('first rows', 10, 3);
    expect(file).toMatchObject({ state: 'held', code: 'FILE_FIRST_ROWS', letThroughTo: 4 });
    expect(await due('first rows')).toBe(3);
    expect(await view(file)).toMatchObject({ heldBack: 7 });
    const [first, , , fourth] = await the.rowsOf(file);
    await register(the.ledger, first as never, 'L-first');
    expect(await begin(fourth?.id as string)).toEqual({ won: false, why: 'held' });
    await the.ledger.releaseFile(file.id, act);
    expect(await due('first rows')).toBe(9);
  });

  test('all go where there are no more than firstRows', async () => {
    expect(await readFile('few', 3, 3)).toMatchObject({ state: 'read', code: null });
    expect(await due('few')).toBe(3);
  });
});

/** A row's client check announces itself, as a worker does it. */
async function begin(rowId: string) {
  const row = await mustRow(the.ledger, rowId);
  const attempt = { attemptId: randomUUID(), step: 'check', instance: 'worker-1' } as const;
  return the.ledger.move(moveOf(row, null, { begin: attempt }));
}

describe('a file that is held while its rows are at work', () => {
  test('begins no call any more, and goes on where it stopped', async () => {
    const file = await readFile('at work', 4);
    expect(await due('at work')).toBe(4);
    const [underWay, checked, waiting, received] = await the.rowsOf(file);
    const announced = await announce(the.ledger, underWay as never);
    await the.ledger.move(moveOf(checked as never, 'checked', { dueInMs: 0 }));
    await the.ledger.move(moveOf(waiting as never, 'waiting', { set: { step: 'check' }, dueInMs: 60_000 }));

    expect(await the.ledger.holdFile(file.id, act)).toMatchObject({
      state: 'held',
      heldFrom: 'read',
      code: 'FILE_HELD',
    });
    expect(await the.ledger.dueRows('lead', 'at work', null, 10)).toEqual([]);
    for (const row of [checked, waiting, received]) {
      expect(await begin(row?.id as string)).toEqual({ won: false, why: 'held' });
    }
    // What was announced comes to its end.
    expect(await the.ledger.move(moveOf(announced, 'registered', { set: { leadId: 'L-at-work' } }))).toMatchObject({
      won: true,
    });
    expect(await due('at work')).toBe(0);

    await the.ledger.releaseFile(file.id, act);
    // The one that waits for its next try keeps its time.
    expect(await due('at work')).toBe(2);
    expect(await mustRow(the.ledger, checked?.id as string)).toMatchObject({ state: 'checked', version: 1 });
    expect(await begin(checked?.id as string)).toMatchObject({ won: true });
  });

  test('takes out of sight what a worker moved in the same moment', async () => {
    const file = await readFile('same moment', 2);
    await due('same moment');
    const [one, other] = await the.rowsOf(file);
    await the.ledger.holdFile(file.id, act);
    // Moves that were on their way when the file was held: they win, and are not due.
    await the.ledger.move(moveOf(one as never, 'waiting', { set: { step: 'check' }, dueInMs: 0 }));
    await the.ledger.move(moveOf(other as never, 'checked', { dueInMs: 0 }));
    expect(await due('same moment')).toBe(0);
  });

  test('may be held before it is read, and is read on after its release', async () => {
    const file = await the.reading('leads', { partner: 'not read' });
    expect(await the.ledger.insertRows(file, [the.newRow(2)], 2, actor)).toBe(true);
    await the.ledger.holdFile(file.id, act);
    expect(await the.ledger.insertRows(file, [the.newRow(3)], 3, actor)).toBe(false);
    expect(await the.ledger.finishReading(file.id, actor)).toBeNull();
    expect((await the.ledger.filesDue()).map(({ id }) => id)).not.toContain(file.id);
    expect(await the.ledger.releaseFile(file.id, act)).toMatchObject({ state: 'reading', lastRow: 2 });
    expect(await the.ledger.insertRows(file, [the.newRow(3)], 3, actor)).toBe(true);
  });

  test('keeps a later updates file of the partner from overtaking it', async () => {
    const lead = await readFile('updates held', 1);
    const registered = await register(the.ledger, (await the.rowsOf(lead))[0] as never, 'L-held-update');
    const first = await the.reading('updates', { partner: 'updates held' });
    await the.ledger.holdFile(first.id, act);
    const second = await the.reading('updates', { partner: 'updates held' });
    await the.ledger.insertRows(second, [the.newRow(2, { leadId: 'L-held-update' })], 2, actor);
    await the.ledger.finishReading(second.id, actor);
    const update = { ...(await the.rowOf(second, 2)), leadRow: registered.id };
    expect((await the.ledger.updateTurn(update)).held).toBe(true);
    await the.ledger.rejectFile(first.id, act);
    expect((await the.ledger.updateTurn(update)).held).toBe(false);
  });
});

describe('a person', () => {
  test('is audited with a reason, whatever is done', async () => {
    const file = await readFile('audited', 1);
    await the.ledger.holdFile(file.id, act);
    await the.ledger.releaseFile(file.id, act);
    await the.ledger.holdFile(file.id, act);
    await the.ledger.rejectFile(file.id, act);
    const events = await the.fileEvents(file);
    expect(events.filter(({ reason }) => reason === 'ticket 8812')).toMatchObject([
      { action: 'file.held', actor: 'cli:ana', to: 'held' },
      { action: 'file.released', to: 'read' },
      { action: 'file.held', to: 'held' },
      { action: 'file.rejected', to: 'rejected', code: 'FILE_REJECTED' },
    ]);
  });

  test('changes nothing of a file that is not held, or not there', async () => {
    const file = await readFile('not held', 1);
    expect(await the.ledger.releaseFile(file.id, act)).toBeNull();
    expect(await the.ledger.rejectFile(file.id, act)).toBeNull();
    expect(await the.ledger.closeCancelled(file.id, act)).toBeNull();
    expect(await the.ledger.holdFile('999999', act)).toBeNull();
    // Of two who hold it at once one does.
    const holds = await Promise.all([1, 2].map(() => the.ledger.holdFile(file.id, act)));
    expect(holds.filter((held) => held !== null)).toHaveLength(1);
  });

  test('cancels what was not sent, and nothing that was', async () => {
    const file = await readFile('cancelled', 6);
    const [sent, announced, failed, waiting] = await the.rowsOf(file);
    await register(the.ledger, sent as never, 'L-cancel-1');
    await announce(the.ledger, announced as never);
    await the.ledger.move(moveOf(failed as never, 'failed', { set: { code: 'API_KO' } }));
    await the.ledger.move(moveOf(waiting as never, 'waiting', { set: { step: 'check' }, dueInMs: 0 }));
    await the.ledger.holdFile(file.id, act);
    expect(await the.ledger.cancelRows(file.id, 'ROW_CANCELLED', act, { failed: true })).toBe(4);
    expect(await the.ledger.cancelRows(file.id, 'ROW_CANCELLED', act, { failed: true })).toBe(0);
    expect(await the.ledger.closeCancelled(file.id, act)).toMatchObject({ state: 'read', code: null });
    expect(await view(file)).toMatchObject({ counts: { registered: 1, submitting: 1, cancelled: 4 } });
    expect(await the.ledger.countExactly(file.id)).toEqual({ registered: 1, submitting: 1, cancelled: 4 });
    expect((await the.ledger.leadsOf(file.id, 0, 10)).map(({ rowNumber, leadId }) => [rowNumber, leadId])).toEqual([
      [2, 'L-cancel-1'],
      [3, null],
    ]);
    expect(await due('cancelled')).toBe(0);
  });

  test('takes no row for unsent whose create may have arrived and waits to be repeated', async () => {
    const file = await readFile('repeating', 1);
    const announced = await announce(the.ledger, await the.rowOf(file, 2));
    const waits = { set: { step: 'create', code: 'API_NO_ANSWER' }, dueInMs: 0 } as const;
    await the.ledger.move(moveOf(announced, 'waiting', waits));
    expect(await the.ledger.cancelRows(file.id, 'ROW_CANCELLED', act, { failed: true })).toBe(0);
    expect((await the.rowOf(file, 2)).state).toBe('waiting');
  });

  test('cancels many rows page by page', async () => {
    const file = await the.reading('leads', { partner: 'pages' });
    const rows = Array.from({ length: 5_201 }, (_, index) => the.newRow(index + 2));
    await the.ledger.insertRows(file, rows, 5_202, actor);
    await the.ledger.finishReading(file.id, actor);
    await the.ledger.holdFile(file.id, act);
    const told: number[] = [];
    const done = (n: number) => void told.push(n);
    expect(await the.ledger.cancelRows(file.id, 'FILE_REREAD', act, { done })).toBe(5_201);
    expect(told.slice(0, 2)).toEqual([5_000, 5_201]);
  });
});

describe('a correction that waits for a row before it', () => {
  async function pair(label: string): Promise<readonly [LedgerFile, LedgerFile]> {
    const files: LedgerFile[] = [];
    for (const content of ['old', 'new']) {
      const file = await the.reading('leads', { partner: label });
      const row = the.newRow(2, { identity: hash(label), content: hash(content) });
      await the.ledger.insertRows(file, [row], 2, actor);
      await the.ledger.finishReading(file.id, actor);
      files.push(file);
    }
    return files as never;
  }

  test('goes to work when that one is turned away with its file', async () => {
    const [first, correction] = await pair('turned away');
    await the.ledger.holdFile(first.id, act);
    await the.ledger.cancelRows(first.id, 'FILE_REJECTED', act);
    await the.ledger.rejectFile(first.id, act);
    await the.ledger.followLeads(actor);
    expect(await the.rowOf(correction, 2)).toMatchObject({ state: 'received' });
  });

  test('is never work once its own file is cancelled', async () => {
    const [first, correction] = await pair('given up');
    await the.ledger.holdFile(correction.id, act);
    await the.ledger.cancelRows(correction.id, 'ROW_CANCELLED', act, { failed: true });
    await the.ledger.closeCancelled(correction.id, act);
    await the.ledger.move(moveOf(await the.rowOf(first, 2), 'failed', { set: { code: 'API_KO' } }));
    await the.ledger.followLeads(actor);
    expect(await the.rowOf(correction, 2)).toMatchObject({ state: 'duplicate' });
  });
});
