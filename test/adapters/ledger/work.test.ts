import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aLedger, actor, announce, hash, moveOf, mustRow, push, register, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('work');
});
afterAll(() => the.close());

describe('due rows', () => {
  test('come page by page, each once, in order of falling due', async () => {
    const file = await the.reading('leads', { partner: 'paged' });
    const rows = Array.from({ length: 250 }, (_, index) => the.newRow(index + 2));
    await the.ledger.insertRows(file, rows, 251, actor);
    await the.ledger.finishReading(file.id, actor);
    // One and the same moment down to the microsecond: the row id has to tell them apart.
    await sql`update ledger_row set next_at = date_trunc('second', clock_timestamp()) - interval '0.654321 seconds'
      where file_id = ${file.id} and row_number > 100`.execute(the.db);
    const seen = [];
    for (let page = await the.ledger.dueRows('lead', 'paged', null, 40); page.length > 0;) {
      seen.push(...page);
      page = await the.ledger.dueRows('lead', 'paged', page.at(-1) ?? null, 40);
    }
    expect(seen).toHaveLength(250);
    expect(new Set(seen.map((row) => row.id)).size).toBe(250);
    expect(seen.map((row) => row.nextAt)).toEqual(seen.map((row) => row.nextAt).toSorted());
    expect(seen[0]?.nextAt).toMatch(/\.345679Z$/);
  });

  test('of a file that is let go late come after what was offered before', async () => {
    const partner = 'let go late';
    const page = (after: Awaited<ReturnType<typeof the.ledger.dueRows>>[number] | null) =>
      the.ledger.dueRows('lead', partner, after, 10);
    const [slow, quick] = [await the.reading('leads', { partner }), await the.reading('leads', { partner })];
    await the.ledger.insertRows(slow, [the.newRow(2), the.newRow(3)], 3, actor);
    expect(await the.ledger.partnersWithWork('lead')).not.toContain(partner);
    await the.ledger.insertRows(quick, [the.newRow(2)], 2, actor);
    await the.ledger.finishReading(quick.id, actor);
    const [first] = await page(null);
    expect(first?.id).toBe((await the.rowOf(quick, 2)).id);
    expect(await page(first ?? null)).toEqual([]);
    // Its rows fell due before those of the other file: no cursor may pass them by.
    await the.ledger.finishReading(slow.id, actor);
    const later = await page(first ?? null);
    expect(later.map(({ id }) => id)).toEqual((await the.rowsOf(slow)).map(({ id }) => id));
    expect(await page(later.at(-1) ?? null)).toEqual([]);
    expect((await page(null)).map(({ id }) => id)).toEqual([first, ...later].map((row) => row?.id));
    await the.ledger.move(moveOf(await the.rowOf(quick, 2), 'waiting', { set: { step: 'check' }, dueInMs: 0 }));
    expect((await page(later.at(-1) ?? null)).map(({ id }) => id)).toEqual([first?.id]);
  });

  test('are asked for partner by partner, those with nothing due left out', async () => {
    for (const [partner, dueInMs] of [
      ['due', 0],
      ['later', 60_000],
    ] as const) {
      const file = await the.reading('leads', { partner });
      await the.ledger.insertRows(file, [the.newRow(2)], 2, actor);
      await the.ledger.finishReading(file.id, actor);
      await the.ledger.move(moveOf(await the.rowOf(file, 2), 'waiting', { set: { step: 'check' }, dueInMs }));
    }
    const partners = await the.ledger.partnersWithWork('lead');
    expect(partners).toContain('due');
    expect(partners).not.toContain('later');
    expect(await the.ledger.dueRows('lead', 'later', null, 10)).toEqual([]);
    expect(await the.ledger.partnersWithWork('update')).toEqual([]);
  });
});

test('a request announced longer ago than patience is an orphan', async () => {
  const file = await the.reading();
  await the.ledger.insertRows(file, [the.newRow(2), the.newRow(3)], 3, actor);
  const [old, young] = await the.rowsOf(file);
  await announce(the.ledger, old as never);
  await announce(the.ledger, young as never);
  await sql`update ledger_row set intent_at = intent_at - interval '1 minute' where id = ${old?.id}`.execute(the.db);
  expect((await the.ledger.orphans(30_000, 10)).map((row) => row.id)).toEqual([old?.id]);
});

test('counters summed up say the same as before, and as the rows', async () => {
  const file = await the.reading();
  await the.ledger.insertRows(file, [the.newRow(2), the.newRow(3)], 3, actor);
  await the.ledger.move(moveOf(await the.rowOf(file, 3), 'not_managed'));
  const before = (await the.ledger.fileView(file.id))?.counts;
  await Promise.all([the.ledger.sumUp(), the.other.sumUp()]);
  expect(await the.count('file_delta')).toBe(0);
  expect((await the.ledger.fileView(file.id))?.counts).toEqual(before);
  expect(await the.ledger.countExactly(file.id)).toEqual(before);
});

describe('a waiting update', () => {
  const wait = { set: { step: 'push', code: 'ROW_LEAD_NOT_REGISTERED_YET' }, dueInMs: 300_000 } as const;

  test('is woken when its lead is registered, and not before', async () => {
    const file = await the.reading();
    const partnerLeadId = hash('CRM-wake');
    await the.ledger.insertRows(file, [the.newRow(2, { partnerLeadId })], 2, actor);
    const updates = await the.reading('updates');
    await the.ledger.insertRows(updates, [the.newRow(2, { partnerLeadId })], 2, actor);
    await the.ledger.finishReading(updates.id, actor);
    await the.ledger.move(moveOf(await the.rowOf(updates, 2), 'waiting', wait));
    expect(await the.ledger.wakeUpdates()).toBe(0);
    await register(the.ledger, await the.rowOf(file, 2), 'L-wake');
    const waiting = await the.rowOf(updates, 2);
    expect(await the.ledger.wakeUpdates()).toBe(1);
    const woken = await the.rowOf(updates, 2);
    expect(woken.version).toBe(waiting.version);
    expect(await the.ledger.dueRows('update', 'acme', null, 10)).toMatchObject([{ id: woken.id }]);
    expect(await the.ledger.wakeUpdates()).toBe(0);
  });

  test('that is held is woken by the rule that held it: by date, not by arrival', async () => {
    const file = await the.reading();
    await the.ledger.insertRows(file, [the.newRow(2)], 2, actor);
    const lead = await register(the.ledger, await the.rowOf(file, 2), 'L-held');
    const updates = await the.reading('updates');
    const dated = (rowNumber: number, day: string) =>
      the.newRow(rowNumber, { leadId: 'L-held', orderKey: `2026-11-${day}T00:00:00.000` });
    await the.ledger.insertRows(updates, [dated(2, '09'), dated(3, '01')], 3, actor);
    await the.ledger.finishReading(updates.id, actor);
    const [newer, older] = await the.rowsOf(updates);
    await the.ledger.move(
      moveOf(newer as never, 'waiting', { ...wait, set: { step: 'push', code: 'ROW_UPDATE_HELD' } }),
    );
    expect(await the.ledger.wakeUpdates()).toBe(0);
    await push(the.ledger, older as never, lead.id);
    expect(await the.ledger.wakeUpdates()).toBe(1);
    const woken = await mustRow(the.ledger, newer?.id as string);
    expect((await the.ledger.updateTurn({ ...woken, leadRow: lead.id })).held).toBe(false);
  });
});
