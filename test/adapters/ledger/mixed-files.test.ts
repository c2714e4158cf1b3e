import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerFile, NewRow, ResultPicture } from '../../../src/app/ports/ledger.ts';
import type { LedgerRow } from '../../../src/app/ports/row.ts';
import { aLedger, actor, announce, hash, moveOf, mustRow, push, register, type TestLedger } from './a-ledger.ts';

const act = { actor: 'cli:ana', reason: 'test' };

let the: TestLedger;
let people = 0;

beforeAll(async () => {
  the = await aLedger('mixed files');
});
afterAll(() => the.close());
beforeEach(() => {
  people += 100;
});

/** The lead of a person, and an update of it in the same record: what they say is `content`. */
function leadOf(rowNumber: number, person: number, over: Partial<NewRow> = {}): NewRow {
  const lead = hash(`lead ${people + person}`);
  return the.newRow(rowNumber, {
    kind: 'lead',
    identity: lead,
    content: hash('the same'),
    partnerLeadId: hash('one id'),
    ...over,
  });
}
function updateOf(rowNumber: number, person: number, estado = '5'): NewRow {
  const lead = hash(`lead ${people + person}`);
  return the.newRow(rowNumber, { kind: 'update', identity: lead, content: hash(estado) });
}
const refused = { state: 'rejected', code: 'ROW_CONSENT_REFUSED', identity: null, content: null } as const;

async function aFile(rows: readonly NewRow[], finish = true): Promise<LedgerFile> {
  const file = await the.reading('mixed');
  await the.ledger.insertRows(file, rows, Math.max(...rows.map((row) => row.rowNumber)), actor);
  if (finish) await the.ledger.finishReading(file.id, actor);
  return file;
}

async function rowOf(file: LedgerFile, kind: 'lead' | 'update', rowNumber: number): Promise<LedgerRow> {
  const found = (await the.rowsOf(file)).find((row) => row.kind === kind && row.rowNumber === rowNumber);
  if (found === undefined) throw new Error(`no ${kind} ${rowNumber}`);
  return found;
}

async function told(file: LedgerFile): Promise<readonly string[]> {
  const rows = (await the.rowsOf(file)).toSorted(
    (a, b) => (a.rowNumber ?? 0) - (b.rowNumber ?? 0) || (a.kind < b.kind ? -1 : 1),
  );
  return rows.map(({ kind, rowNumber, state }) => `${rowNumber} ${kind} ${state}`);
}

/** By kind, and the same whether it was counted as rows moved or counts them now. */
async function tally(file: LedgerFile): Promise<unknown> {
  const { rows: exact } = await sql`select kind, state, count(*)::int as n from ledger_row where file_id = ${file.id}
    group by kind, state order by kind, state`.execute(the.db);
  const { rows: summed } =
    await sql`select kind, state, n::int as n from file_kind_tally where file_id = ${file.id} and n <> 0
    order by kind, state`.execute(the.db);
  expect(summed).toEqual(exact);
  return (await the.ledger.fileView(file.id))?.countsByKind;
}

describe('the rows of a mixed file', () => {
  test('are two under one number, and no third', async () => {
    const file = await aFile([leadOf(2, 1), updateOf(2, 1), leadOf(3, 2)]);
    expect(await told(file)).toEqual(['2 lead received', '2 update waiting', '3 lead received']);
    await expect(
      sql`insert into ledger_row (kind, partner, file_id, row_number, state, key_id, payload)
      select kind, partner, file_id, row_number, 'received', key_id, payload from ledger_row
      where file_id = ${file.id} and kind = 'update'`.execute(the.db),
    ).rejects.toThrow(/row_of_file/);
  });

  test('are counted by kind, as they are read, moved, cancelled and summed up', async () => {
    const file = await aFile([
      leadOf(2, 1),
      updateOf(2, 1),
      leadOf(3, 2),
      updateOf(3, 2),
      leadOf(4, 3, refused),
      updateOf(4, 3),
    ]);
    expect(await tally(file)).toEqual({ lead: { received: 2, rejected: 1 }, update: { received: 1, waiting: 2 } });
    await register(the.ledger, await rowOf(file, 'lead', 2), `LM-${people}`);
    expect(await tally(file)).toEqual({
      lead: { received: 1, registered: 1, rejected: 1 },
      update: { received: 1, waiting: 2 },
    });
    await the.ledger.sumUp();
    await the.ledger.cancelRows(file.id, 'ROW_CANCELLED', act);
    expect(await tally(file)).toEqual({ lead: { cancelled: 1, registered: 1, rejected: 1 }, update: { cancelled: 3 } });
    const counts = await the.ledger.counts();
    expect(counts.filter(({ kind, state }) => kind === 'update' && state === 'cancelled')[0]?.n).toBeGreaterThanOrEqual(
      3,
    );
  });

  test('stand whole in the result, however its pages fall', async () => {
    const rows = Array.from({ length: 600 }, (_, at) => [
      leadOf(at + 2, at, refused),
      ...(at === 0 ? [] : [updateOf(at + 2, at)]),
    ]).flat();
    const file = await aFile(rows);
    // Page ends fall between a lead and its update: of all that goes before, one record has no update.
    const seen: string[] = [];
    const counts = await the.ledger.readResult(
      file.id,
      async (picture: ResultPicture) => {
        for await (const { row } of picture.rows) seen.push(`${row.rowNumber} ${row.kind}`);
        return picture.countsByKind;
      },
      { interim: true },
    );
    expect(seen).toEqual(rows.map(({ rowNumber, kind }) => `${rowNumber} ${kind}`));
    expect(counts).toEqual({ lead: { rejected: 600 }, update: { received: 599 } });
  });

  test('are cancelled whole, however the pages fall', async () => {
    const rows = Array.from({ length: 2_501 }, (_, at) =>
      at === 0 ? [leadOf(2, at)] : [leadOf(at + 2, at), updateOf(at + 2, at)],
    ).flat();
    const file = await aFile(rows);
    expect(await the.ledger.cancelRows(file.id, 'ROW_CANCELLED', act)).toBe(5_001);
    expect(await tally(file)).toEqual({ lead: { cancelled: 2_501 }, update: { cancelled: 2_500 } });
    people += 3_000;
  });

  test('are let go by records where only the first may go', async () => {
    const rows = [1, 2, 3].flatMap((at) => [leadOf(at + 1, at), updateOf(at + 1, at)]);
    const file = await aFile(rows, false);
    const held = await the.ledger.finishReading(file.id, actor, { problems: [], firstRows: 2 });
    expect(held).toMatchObject({ state: 'held', letThroughTo: 3 });
    people += 10;
    const others = [1, 2, 3].flatMap((at) => [leadOf(at + 1, at), updateOf(at + 1, at)]);
    const whole = await aFile(others, false);
    expect(await the.ledger.finishReading(whole.id, actor, { problems: [], firstRows: 3 })).toMatchObject({
      state: 'read',
    });
  });

  test('that differ in their states alone are no sign of a contact’s id', async () => {
    const file = await aFile(
      ['5', '7', '9', '11', '20'].flatMap((estado, at) => [leadOf(at + 2, 1), updateOf(at + 2, 1, estado)]),
    );
    expect(await the.ledger.mostRowsOfOneLead(file.id)).toBe(1);
  });
});

describe('an update of a mixed file', () => {
  test('waits for the lead of its own record, is due when that is registered, and not before', async () => {
    const file = await aFile([leadOf(2, 1), updateOf(2, 1), leadOf(3, 2), updateOf(3, 2)]);
    const [first, second] = [await rowOf(file, 'lead', 2), await rowOf(file, 'lead', 3)];
    const update = await rowOf(file, 'update', 2);
    // Both have one partnerLeadId: the record decides.
    expect([update.leadRow, (await rowOf(file, 'update', 3)).leadRow]).toEqual([first.id, second.id]);
    expect(await the.ledger.leadOfRecord(update.id)).toMatchObject({
      kind: 'found',
      rowId: first.id,
      state: 'received',
    });
    const due = async () => (await the.ledger.dueRows('update', 'acme', null, 1_000)).map(({ id }) => id);
    await the.ledger.wakeUpdates();
    expect(await due()).not.toContain(update.id);
    await register(the.ledger, second, `LM-${people}-2`);
    await the.ledger.wakeUpdates();
    expect(await due()).not.toContain(update.id);
    await register(the.ledger, first, `LM-${people}-1`);
    await the.ledger.wakeUpdates();
    expect(await due()).toContain(update.id);
    expect(await the.ledger.leadOfRecord(update.id)).toMatchObject({ state: 'registered', leadId: `LM-${people}-1` });
  });

  test('of a lead that an earlier file has created is due at once, and of that lead', async () => {
    const monday = await aFile([leadOf(2, 1)]);
    const lead = await register(the.ledger, await rowOf(monday, 'lead', 2), `LM-${people}`);
    const tuesday = await aFile([leadOf(2, 1), updateOf(2, 1), leadOf(3, 1, refused), updateOf(3, 1, '7')]);
    expect(await told(tuesday)).toEqual([
      '2 lead duplicate',
      '2 update received',
      '3 lead rejected',
      '3 update received',
    ]);
    for (const at of [2, 3]) {
      const update = await rowOf(tuesday, 'update', at);
      expect(update.leadRow).toBe(lead.id);
      expect(await the.ledger.leadOfRecord(update.id)).toMatchObject({ rowId: lead.id, leadId: `LM-${people}` });
    }
  });

  test('of a record that is refused, and of one that repeats a refused one, has a lead that never was', async () => {
    const file = await aFile([leadOf(2, 1, refused), updateOf(2, 1), leadOf(3, 2), updateOf(3, 2)]);
    const own = await rowOf(file, 'lead', 2);
    expect(await the.ledger.leadOfRecord((await rowOf(file, 'update', 2)).id)).toMatchObject({
      rowId: own.id,
      state: 'rejected',
    });
    await the.ledger.move(
      moveOf(await rowOf(file, 'lead', 3), 'rejected', { set: { code: 'API_REFUSED', step: null } }),
    );
    const next = await aFile([leadOf(2, 2), updateOf(2, 2)]);
    expect(await told(next)).toEqual(['2 lead duplicate', '2 update received']);
    expect(await the.ledger.leadOfRecord((await rowOf(next, 'update', 2)).id)).toMatchObject({
      rowId: (await rowOf(file, 'lead', 3)).id,
      state: 'rejected',
    });
  });

  test('of a held correction waits for it, though the row before it has come to nothing', async () => {
    const monday = await aFile([leadOf(2, 1)]);
    const before = await announce(the.ledger, await rowOf(monday, 'lead', 2));
    const tuesday = await aFile([leadOf(2, 1, { content: hash('corrected') }), updateOf(2, 1)]);
    const correction = await rowOf(tuesday, 'lead', 2);
    expect(correction.code).toBe('ROW_LEAD_CHANGE_HELD');
    const update = await rowOf(tuesday, 'update', 2);
    expect(await the.ledger.leadOfRecord(update.id)).toMatchObject({ rowId: before.id, state: 'submitting' });
    await the.ledger.move(moveOf(before, 'rejected', { set: { code: 'API_REFUSED', step: null } }));
    expect(await the.ledger.leadOfRecord(update.id)).toMatchObject({ rowId: correction.id, state: 'duplicate' });
    await the.ledger.followLeads(actor);
    expect(await the.ledger.leadOfRecord(update.id)).toMatchObject({ rowId: correction.id, state: 'received' });
  });

  test('is among the updates of its lead, whichever row held that when they came', async () => {
    const monday = await aFile([leadOf(2, 1), updateOf(2, 1), leadOf(3, 2), updateOf(3, 2, '20')]);
    const failed = await announce(the.ledger, await rowOf(monday, 'lead', 2));
    await the.ledger.move(moveOf(failed, 'failed', { set: { code: 'API_NOT_SENT', step: null } }));
    const tuesday = await aFile([leadOf(2, 1, { content: hash('corrected') }), updateOf(2, 1, '7')]);
    expect(await told(tuesday)).toEqual(['2 lead received', '2 update waiting']);
    const lead = await register(the.ledger, await rowOf(tuesday, 'lead', 2), `LM-${people}`);
    const [older, newer] = [await rowOf(monday, 'update', 2), await rowOf(tuesday, 'update', 2)];
    expect(older.leadRow).not.toBe(newer.leadRow);
    expect(await the.ledger.leadOfRecord(older.id)).toMatchObject({ rowId: lead.id });
    expect(await the.ledger.updateTurn({ ...newer, leadRow: lead.id })).toMatchObject({ held: true });
    expect(await the.ledger.updateTurn({ ...older, leadRow: lead.id })).toMatchObject({ held: false });
    await push(the.ledger, older, lead.id);
    expect(await the.ledger.updateTurn({ ...newer, leadRow: lead.id })).toMatchObject({
      held: false,
      acceptedFinal: false,
    });
    expect((await the.ledger.nextUpdateOf(await mustRow(the.ledger, older.id)))?.id).toBe(newer.id);
  });

  test('waits, like every other of its partner, until a mixed file that came before is read', async () => {
    const monday = await aFile([leadOf(2, 1)]);
    const lead = await register(the.ledger, await rowOf(monday, 'lead', 2), `LM-${people}`);
    const reading = await aFile([leadOf(2, 2)], false);
    const later = await the.reading('updates');
    await the.ledger.insertRows(later, [the.newRow(2, { leadId: lead.leadId, identity: null })], 2, actor);
    await the.ledger.finishReading(later.id, actor);
    const update = await rowOf(later, 'update', 2);
    expect(await the.ledger.updateTurn({ ...update, leadRow: lead.id })).toMatchObject({ held: true });
    await the.ledger.move(
      moveOf(update, 'waiting', { set: { code: 'ROW_UPDATE_HELD', step: 'push' }, dueInMs: 60_000 }),
    );
    await the.ledger.finishReading(reading.id, actor);
    await the.ledger.wakeUpdates();
    expect((await mustRow(the.ledger, update.id)).nextAt?.getTime()).toBeLessThan(Date.now() + 30_000);
    expect(await the.ledger.updateTurn({ ...update, leadRow: lead.id })).toMatchObject({ held: false });
  });
});
