import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LedgerFile, NewRow } from '../../../src/app/ports/ledger.ts';
import type { LedgerRow } from '../../../src/app/ports/row.ts';
import { aLedger, actor, hash, moveOf, mustRow, partner, push, register, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let lead: LedgerRow;
let leads = 0;

beforeAll(async () => {
  the = await aLedger('updates');
});
afterAll(() => the.close());

beforeEach(async () => {
  leads += 1;
  const file = await the.reading();
  const row = the.newRow(2, { identity: hash(`lead ${leads}`), partnerLeadId: hash(`CRM-${leads}`) });
  await the.ledger.insertRows(file, [row], 2, actor);
  await the.ledger.finishReading(file.id, actor);
  lead = await register(the.ledger, await the.rowOf(file, 2), `L-${leads}`);
});

async function updatesFile(rows: readonly Partial<NewRow>[], finish = true): Promise<LedgerFile> {
  const file = await the.reading('updates');
  const numbered = rows.map((row, index) =>
    the.newRow(index + 2, { leadId: lead.leadId, content: hash(`${file.id} ${index}`), ...row }),
  );
  await the.ledger.insertRows(file, numbered, rows.length + 1, actor);
  if (finish) await the.ledger.finishReading(file.id, actor);
  return file;
}

const turn = async (file: LedgerFile, rowNumber: number) => turnOf(await the.rowOf(file, rowNumber));
const turnOf = (row: LedgerRow) => the.ledger.updateTurn({ ...row, leadRow: lead.id });

async function pushRow(file: LedgerFile, rowNumber: number): Promise<void> {
  await push(the.ledger, await the.rowOf(file, rowNumber), lead.id);
}

describe('the turn of an update', () => {
  test('comes row by row, then file by file', async () => {
    const first = await updatesFile([{}, {}]);
    const second = await updatesFile([{}]);
    expect([await turn(first, 2), await turn(first, 3), await turn(second, 2)].map(({ held }) => held)).toEqual([
      false,
      true,
      true,
    ]);
    await pushRow(first, 2);
    expect((await turn(first, 3)).held).toBe(false);
    expect((await turn(second, 2)).held).toBe(true);
    await pushRow(first, 3);
    expect((await turn(second, 2)).held).toBe(false);
  });

  test('goes by the date of the partner where both have one', async () => {
    const first = await updatesFile([{ orderKey: '2026-11-05T00:00:00.000' }, { orderKey: '2026-11-03T00:00:00.000' }]);
    const second = await updatesFile([{ orderKey: '2026-11-01T00:00:00.000' }]);
    expect((await turn(second, 2)).held).toBe(false);
    expect((await turn(first, 3)).held).toBe(true);
    await pushRow(second, 2);
    expect((await turn(first, 3)).held).toBe(false);
    expect((await turn(first, 2)).held).toBe(true);
  });

  test.each(['failed', 'in_doubt'] as const)('waits for an older one that is %s', async (state) => {
    const file = await updatesFile([{}, {}]);
    const older = await the.rowOf(file, 2);
    const begin = { attemptId: crypto.randomUUID(), step: 'push', instance: 'worker-1' } as const;
    await the.ledger.move(moveOf(older, 'pushing', { set: { holder: 'worker-1', leadRow: lead.id }, begin }));
    await the.ledger.move(moveOf(await mustRow(the.ledger, older.id), state));
    expect((await turn(file, 3)).held).toBe(true);
    await the.ledger.move(moveOf(await mustRow(the.ledger, older.id), 'cancelled'));
    expect((await turn(file, 3)).held).toBe(false);
  });

  test('waits until its own and every earlier file of updates is read to its end', async () => {
    const earlier = await updatesFile([], false);
    const own = await updatesFile([{}], false);
    const later = await updatesFile([], false);
    expect((await turn(own, 2)).held).toBe(true);
    await the.ledger.finishReading(own.id, actor);
    expect((await turn(own, 2)).held).toBe(true);
    await the.ledger.finishReading(earlier.id, actor);
    expect((await turn(own, 2)).held).toBe(false);
    await the.ledger.finishReading(later.id, actor);
  });

  test('waits for an older one that has not been joined to the lead yet', async () => {
    const early = await updatesFile([{ leadId: null, partnerLeadId: hash(`CRM-late-${leads}`) }]);
    expect((await the.rowOf(early, 2)).leadRow).toBeNull();
    const file = await the.reading();
    const late = the.newRow(2, { partnerLeadId: hash(`CRM-late-${leads}`) });
    await the.ledger.insertRows(file, [late], 2, actor);
    lead = await register(the.ledger, await the.rowOf(file, 2), `L-late-${leads}`);
    const next = await updatesFile([{}]);
    expect((await turn(next, 2)).held).toBe(true);
    await pushRow(early, 2);
    expect((await turn(next, 2)).held).toBe(false);
  });

  test('of one entered by hand comes when it was entered', async () => {
    const { rowNumber: _none, ...byHand } = the.newRow(0, { content: hash('by hand') });
    const before = await updatesFile([{ orderKey: '2026-01-05T00:00:00.000' }]);
    const id = await the.ledger.enterUpdate(partner, { ...byHand, leadRow: lead.id }, 'cli:ana');
    const after = await updatesFile([{}]);
    const [first, last] = [await the.rowOf(before, 2), await the.rowOf(after, 2)];
    expect((await the.ledger.updatesOf(lead.id)).map((row) => row.id)).toEqual([first.id, id, last.id]);
    expect((await turnOf(await mustRow(the.ledger, id))).held).toBe(true);
    expect(await the.ledger.nextUpdateOf(last)).toEqual({ id: first.id, version: 0, isWaiting: false });
    await pushRow(before, 2);
    expect((await turnOf(await mustRow(the.ledger, id))).held).toBe(false);
    expect((await turn(after, 2)).held).toBe(true);
    expect(await the.ledger.nextUpdateOf(last)).toEqual({ id, version: 0, isWaiting: false });
    expect(await the.ledger.history(id)).toMatchObject([{ action: 'update.entered', actor: 'cli:ana' }]);
  });

  test('never goes in a circle: one of those that are open is always free to go', async () => {
    const { rowNumber: _none, ...byHand } = the.newRow(0, { content: hash('by hand') });
    const newer = await updatesFile([{ orderKey: '2026-01-05T00:00:00.000' }]);
    const id = await the.ledger.enterUpdate(partner, { ...byHand, leadRow: lead.id }, actor);
    const older = await updatesFile([{ orderKey: '2026-01-03T00:00:00.000' }]);
    const rows = [await the.rowOf(newer, 2), await mustRow(the.ledger, id), await the.rowOf(older, 2)];
    expect(await Promise.all(rows.map(async (row) => (await turnOf(row)).held))).toEqual([true, true, false]);
  });

  test('is a repeat of the latest accepted one only: 5 → 7 → 5 is legal', async () => {
    const [five, seven] = [hash('estado 5'), hash('estado 7')];
    const file = await updatesFile([{ content: five }, { content: five }, { content: seven }, { content: five }]);
    await pushRow(file, 2);
    expect((await turn(file, 3)).repeatsLatest).toBe(true);
    await the.ledger.move(moveOf(await the.rowOf(file, 3), 'duplicate'));
    await pushRow(file, 4);
    expect((await turn(file, 5)).repeatsLatest).toBe(false);
  });

  test('compares with what was sent last, also when that was entered by hand', async () => {
    const five = hash('estado 5');
    const dated = { content: five, orderKey: '2026-11-05T00:00:00.000' };
    await pushRow(await updatesFile([dated]), 2);
    const { rowNumber: _none, ...byHand } = the.newRow(0, { content: hash('estado 7') });
    const id = await the.ledger.enterUpdate(partner, { ...byHand, leadRow: lead.id }, actor);
    await push(the.ledger, await mustRow(the.ledger, id), lead.id);
    const next = await updatesFile([{ ...dated, orderKey: '2026-11-06T00:00:00.000' }]);
    expect((await turn(next, 2)).repeatsLatest).toBe(false);
  });

  test('knows that a final estado was accepted', async () => {
    const file = await updatesFile([{ isFinal: true }, {}]);
    expect((await turn(file, 3)).acceptedFinal).toBe(false);
    await pushRow(file, 2);
    expect((await turn(file, 3)).acceptedFinal).toBe(true);
  });
});

test('one update of a lead is on its way at a time, whoever asks', async () => {
  const file = await updatesFile([{}, {}]);
  const rows = await the.rowsOf(file);
  const results = await Promise.all(
    rows.map((row, index) =>
      (index === 0 ? the.ledger : the.other).move(
        moveOf(row, 'pushing', {
          set: { holder: 'worker-1', leadRow: lead.id },
          begin: { attemptId: crypto.randomUUID(), step: 'push', instance: 'worker-1' },
        }),
      ),
    ),
  );
  expect(results.filter((result) => result.won)).toHaveLength(1);
  expect(results.find((result) => !result.won)).toEqual({ won: false, why: 'taken' });
});

describe('findLead', () => {
  test('finds by leadId, and knows whose it is', async () => {
    const key = { leadId: lead.leadId, partnerLeadId: null };
    expect(await the.ledger.findLead(partner, key)).toEqual({
      kind: 'found',
      rowId: lead.id,
      state: 'registered',
      leadId: lead.leadId,
    });
    expect(await the.ledger.findLead('other', key)).toEqual({ kind: 'of_another_partner' });
    expect(await the.ledger.findLead(partner, { leadId: 'L-nobody', partnerLeadId: null })).toEqual({
      kind: 'unknown',
    });
  });

  test('finds by the own id of the partner the row that holds a lead before a newer one that ended', async () => {
    const key = { leadId: null, partnerLeadId: hash(`CRM-${leads}`) };
    const file = await the.reading();
    const newer = the.newRow(2, { state: 'rejected', code: 'ROW_FIELD_MISSING', partnerLeadId: key.partnerLeadId });
    await the.ledger.insertRows(file, [newer], 2, actor);
    expect(await the.ledger.findLead(partner, key)).toMatchObject({ kind: 'found', rowId: lead.id });
  });
});
