import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerFile, NewRow, ResultPicture } from '../../../src/app/ports/ledger.ts';
import { aLedger, actor, announce, hash, moveOf, mustRow, register, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('settle');
});
afterAll(() => the.close());

async function readFile(rows: readonly NewRow[]): Promise<LedgerFile> {
  const file = await the.reading();
  const lastRow = rows.at(-1)?.rowNumber ?? 1;
  if (rows.length > 0) await the.ledger.insertRows(file, rows, lastRow, actor);
  await the.ledger.finishReading(file.id, actor);
  return file;
}

/** Everything in a picture that reaches a result file. */
async function drawn({ version, moves, counts, rows }: ResultPicture): Promise<string> {
  const lines = [];
  for await (const { row, original } of rows) {
    const { checkAgeMs: _check, ageMs: _row, ...told } = row;
    lines.push([told, original?.id, original?.leadId]);
  }
  return JSON.stringify({ version, moves, counts, lines });
}

const picture = (file: LedgerFile): Promise<string | null> => the.ledger.readResult(file.id, drawn);

async function settle(file: LedgerFile): Promise<ResultPicture | null> {
  const issued = await the.ledger.readResult(file.id, async (found) => found);
  if (issued !== null) await the.ledger.settleFile(file.id, issued, actor);
  return issued;
}

async function isToSettle(file: LedgerFile): Promise<boolean> {
  return (await the.ledger.filesToSettle()).some(({ id }) => id === file.id);
}

describe('a file', () => {
  test('settles when none of its rows is open, and only then', async () => {
    const file = await readFile([the.newRow(2), the.newRow(3, { state: 'rejected', code: 'ROW_FIELD_MISSING' })]);
    expect(await isToSettle(file)).toBe(false);
    expect(await picture(file)).toBeNull();
    await register(the.ledger, await the.rowOf(file, 2), 'L-settle-1');
    expect(await isToSettle(file)).toBe(true);
    expect(await settle(file)).toMatchObject({ version: 1, counts: { registered: 1, rejected: 1 } });
    expect(await isToSettle(file)).toBe(false);
    expect(await the.ledger.file(file.id)).toMatchObject({ state: 'settled', resultVersion: 1 });
  });

  test('that is settled is found at once when a row of it moves again, and later too', async () => {
    const file = await readFile([the.newRow(2, { state: 'rejected', code: 'ROW_FIELD_MISSING' }), the.newRow(3)]);
    await the.ledger.move(moveOf(await the.rowOf(file, 3), 'cancelled'));
    await the.ledger.sumUp();
    const found = async (onlyMoving: boolean): Promise<boolean> =>
      (await the.ledger.filesToSettle({ onlyMoving })).some(({ id }) => id === file.id);
    expect(await found(true)).toBe(true);
    await settle(file);
    expect([await found(true), await found(false)]).toEqual([false, false]);
    await the.ledger.move(moveOf(await the.rowOf(file, 2), 'cancelled'));
    expect([await found(true), await found(false)]).toEqual([true, true]);
    await the.ledger.sumUp();
    expect([await found(true), await found(false)]).toEqual([false, true]);
  });

  test('without a single row settles once', async () => {
    const file = await readFile([]);
    expect(await isToSettle(file)).toBe(true);
    await settle(file);
    expect(await isToSettle(file)).toBe(false);
  });

  test('waits for the rows that its duplicates point to', async () => {
    const identity = hash('pointed to');
    const first = await readFile([the.newRow(2, { identity })]);
    const second = await readFile([the.newRow(2, { identity })]);
    expect(await isToSettle(second)).toBe(false);
    expect(await picture(second)).toBeNull();
    const original = await register(the.ledger, await the.rowOf(first, 2), 'L-settle-2');
    expect(await isToSettle(second)).toBe(true);
    expect(await picture(second)).toContain(`"${original.id}","L-settle-2"`);
  });

  test('that is still read has no result', async () => {
    const file = await the.reading();
    expect(await picture(file)).toBeNull();
    expect(await isToSettle(file)).toBe(false);
  });
});

describe('a result', () => {
  test('is the same, byte for byte, until a row moves', async () => {
    const file = await readFile([the.newRow(2)]);
    await announce(the.ledger, await the.rowOf(file, 2));
    const [announced] = await the.rowsOf(file);
    await the.ledger.move(moveOf(announced as never, 'in_doubt', { set: { code: 'API_NO_ANSWER' } }));
    const before = await picture(file);
    expect(await picture(file)).toBe(before);
    await the.ledger.sumUp();
    await settle(file);
    // Issued and committed: a repeat is the same version again.
    expect(await picture(file)).toBe(before);

    const inDoubt = await mustRow(the.ledger, announced?.id as string);
    await the.ledger.move(moveOf(inDoubt, 'registered', { set: { leadId: 'L-settle-3' } }));
    expect(await isToSettle(file)).toBe(true);
    expect(await settle(file)).toMatchObject({ version: 2, counts: { registered: 1 } });
    expect(await isToSettle(file)).toBe(false);
  });

  test('is committed once: an older one that comes later is passed over', async () => {
    const file = await readFile([the.newRow(2, { state: 'rejected', code: 'ROW_FIELD_MISSING' })]);
    const first = await settle(file);
    const replayed = await the.rowOf(file, 2);
    await the.ledger.move(moveOf(replayed, 'cancelled'));
    await settle(file);
    const events = await the.count('audit_event');
    await the.ledger.settleFile(file.id, first as never, actor);
    expect(await the.ledger.file(file.id)).toMatchObject({ resultVersion: 2 });
    expect(await the.count('audit_event')).toBe(events);
  });

  test('is read by one at a time', async () => {
    const file = await readFile([the.newRow(2, { state: 'rejected', code: 'ROW_FIELD_MISSING' })]);
    const inside = await the.ledger.readResult(file.id, () => the.other.readResult(file.id, drawn));
    expect(inside).toBeNull();
    expect(await the.other.readResult(file.id, drawn)).not.toBeNull();
  });

  test('shows one moment, page after page, whatever moves meanwhile', async () => {
    const rows = Array.from({ length: 1203 }, (_, index) =>
      the.newRow(index + 2, { state: 'rejected', code: 'ROW_FIELD_MISSING' }),
    );
    const file = await readFile(rows);
    const last = await the.rowOf(file, 1204);
    const numbers = await the.ledger.readResult(file.id, async (found) => {
      await the.other.move(moveOf(last, 'cancelled'));
      const seen = [];
      for await (const { row } of found.rows) seen.push([row.rowNumber, row.state]);
      return seen;
    });
    expect(numbers).toEqual(rows.map((row) => [row.rowNumber, 'rejected']));
  });
});

test('looking for files to settle goes on past a page of those that can not be', async () => {
  const many = await aLedger('settle many');
  try {
    for (let n = 0; n < 101; n += 1) await many.ledger.finishReading((await many.reading()).id, actor);
    const [page, next, again] = [
      await many.ledger.filesToSettle(),
      await many.ledger.filesToSettle(),
      await many.ledger.filesToSettle(),
    ];
    expect([page.length, next.length]).toEqual([100, 1]);
    expect(new Set([...page, ...next].map(({ id }) => id)).size).toBe(101);
    expect(again[0]?.id).toBe(page[0]?.id);
  } finally {
    await many.close();
  }
});
