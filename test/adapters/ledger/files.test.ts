import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aLedger, actor, hash, moveOf, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('files');
});
afterAll(() => the.close());

describe('acceptFile', () => {
  test('takes the same bytes in once, however many ask at once', async () => {
    // Many rounds: the gap between looking and writing is narrow.
    for (let round = 0; round < 60; round += 1) {
      const file = the.newFile();
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? the.ledger : the.other).acceptFile(file)),
      );
      expect(answers.filter((answer) => answer.accepted)).toHaveLength(1);
      expect(new Set(answers.map((answer) => answer.file.id)).size).toBe(1);
    }
  });

  test('takes them in anew with another config version, on demand, and after a rejection', async () => {
    const file = the.newFile();
    const { file: first } = await the.ledger.acceptFile(file);
    expect((await the.ledger.acceptFile({ ...file, configVersion: 'v2' })).accepted).toBe(true);
    const again = await the.ledger.acceptFile({ ...file, again: true });
    expect(again.accepted).toBe(true);
    expect(await the.ledger.acceptFile(file)).toMatchObject({ accepted: false, file: { id: again.file.id } });
    await the.ledger.abandonFile(first.id, 'rejected', 'FILE_UNMATCHED', actor);
    await the.ledger.abandonFile(again.file.id, 'rejected', 'FILE_UNMATCHED', actor);
    expect((await the.ledger.acceptFile(file)).accepted).toBe(true);
  });

  test('keeps a file back until it is due', async () => {
    const { file: later } = await the.ledger.acceptFile(the.newFile({ dueAt: new Date(Date.now() + 60_000) }));
    const { file: now } = await the.ledger.acceptFile(the.newFile());
    const due = (await the.ledger.filesDue()).map((file) => file.id);
    expect(due).toContain(now.id);
    expect(due).not.toContain(later.id);
  });
});

test('a file that is being read is handed out again, so that a crash resumes; one that is read is not', async () => {
  const file = await the.reading();
  expect(await the.ledger.startReading(file.id, actor)).toMatchObject({ id: file.id, state: 'reading' });
  expect((await the.ledger.filesDue()).map(({ id }) => id)).toContain(file.id);
  const finding = { encoding: 'utf-8', why: 'valid_utf8', confidence: 'high' } as const;
  await the.ledger.noteReading(file.id, { encoding: 'utf-8', delimiter: ';', mark: 'one', finding });
  await the.ledger.noteReading(file.id, { encoding: 'utf-8', delimiter: ';', mark: 'two', finding: null });
  await the.ledger.finishReading(file.id, actor);
  expect(await the.ledger.startReading(file.id, actor)).toBeNull();
  expect(await the.ledger.file(file.id)).toMatchObject({
    state: 'read',
    encoding: 'utf-8',
    encodingWhy: 'valid_utf8',
    encodingConfidence: 'high',
    delimiter: ';',
    readMark: 'two',
  });
  expect(await the.ledger.acceptedFilesOf(file.partner, file.sha256)).toMatchObject([{ id: file.id }]);
});

describe('abandonFile', () => {
  test('cancels what has not been sent, counts it, and frees the leads for another file', async () => {
    const file = await the.reading();
    const identity = hash('abandoned lead');
    await the.ledger.insertRows(file, [the.newRow(2, { identity }), the.newRow(3)], 3, actor);
    await the.ledger.move(moveOf(await the.rowOf(file, 3), 'checked'));
    await the.ledger.abandonFile(file.id, 'quarantined', 'FILE_CHANGED_WHILE_READ', actor);

    expect(await the.ledger.fileView(file.id)).toMatchObject({ state: 'quarantined', counts: { cancelled: 2 } });
    expect(await the.ledger.countExactly(file.id)).toEqual({ cancelled: 2 });
    expect(await the.ledger.history((await the.rowOf(file, 3)).id)).toMatchObject([
      { to: 'checked' },
      { from: 'checked', to: 'cancelled' },
    ]);
    const next = await the.reading();
    await the.ledger.insertRows(next, [the.newRow(2, { identity })], 2, actor);
    expect(await the.rowOf(next, 2)).toMatchObject({ state: 'received' });
  });

  test('leaves a file alone that has been read to its end', async () => {
    const file = await the.reading();
    await the.ledger.insertRows(file, [the.newRow(2)], 2, actor);
    await the.ledger.finishReading(file.id, actor);
    await the.ledger.abandonFile(file.id, 'quarantined', 'FILE_CHANGED_WHILE_READ', actor);
    expect(await the.ledger.fileView(file.id)).toMatchObject({ state: 'read', counts: { received: 1 } });
  });
});

test('a refused file is written down with the one it repeats', async () => {
  const file = await the.reading();
  const { dueAt: _dueAt, again: _again, ...bytes } = the.newFile({ sha256: file.sha256 });
  const refused = await the.ledger.refuseFile({ ...bytes, code: 'FILE_ALREADY_IMPORTED', sameAs: file.id });
  expect(refused).toMatchObject({ state: 'rejected', code: 'FILE_ALREADY_IMPORTED', sameAs: file.id });
});
