import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createErasureLedger } from '../../../src/adapters/ledger/erasures.ts';
import { createSuppressions } from '../../../src/adapters/ledger/suppressions.ts';
import { eventually } from '../../support/eventually.ts';
import { aLedger, actor, hash, moveOf, mustRow, partner, register, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('insert rows');
});
afterAll(() => the.close());

const everything = ['ledger_row', 'file_delta', 'audit_event'];

function leads(label: string, count: number, content = label) {
  return Array.from({ length: count }, (_, index) =>
    the.newRow(index + 2, { identity: hash(`${label} ${index}`), content: hash(`${content} ${index}`) }),
  );
}

describe('insertRows', () => {
  test('writes rows, counters, checkpoint and one audit event', async () => {
    const file = await the.reading();
    const rejected = the.newRow(4, {
      state: 'rejected',
      code: 'ROW_FIELD_MISSING',
      problems: [{ code: 'ROW_FIELD_MISSING', column: 'name' }],
    });
    await the.ledger.insertRows(file, [...leads('written', 2), rejected], 5, actor);

    const [first, , third] = await the.rowsOf(file);
    expect(first).toMatchObject({ state: 'received', kind: 'lead', version: 0, fence: 0, nextAt: expect.any(Date) });
    expect(Buffer.from(first?.payload ?? []).toString()).toBe('sealed 2');
    expect(third).toMatchObject({ state: 'rejected', code: 'ROW_FIELD_MISSING', nextAt: null });
    expect(third?.problems).toEqual([{ code: 'ROW_FIELD_MISSING', column: 'name' }]);
    expect(await the.ledger.fileView(file.id)).toMatchObject({ lastRow: 5, counts: { received: 2, rejected: 1 } });
    const { rows } =
      await sql`select detail from audit_event where file_id = ${file.id} and action = 'rows.read'`.execute(the.db);
    expect(rows).toMatchObject([{ detail: { rows: 3, rejected: 1, duplicates: 0 } }]);
  });

  test('changes nothing when a batch is repeated, and passes over rows behind the checkpoint', async () => {
    const file = await the.reading();
    const rows = leads('repeated', 10);
    await the.ledger.insertRows(file, rows.slice(0, 6), 7, actor);
    const before = await Promise.all(everything.map(the.count));
    await the.ledger.insertRows(file, rows.slice(0, 6), 7, actor);
    expect(await Promise.all(everything.map(the.count))).toEqual(before);
    await the.ledger.insertRows(file, rows, 11, actor);
    expect(await the.ledger.countExactly(file.id)).toEqual({ received: 10 });
    expect(await the.ledger.fileView(file.id)).toMatchObject({ lastRow: 11, counts: { received: 10 } });
  });

  test('commits where reading goes on with the rows before it, and never moves it back', async () => {
    const file = await the.reading();
    expect(file).toMatchObject({ lastRow: 1, readOffset: null });
    const rows = leads('offset', 4);
    await the.ledger.insertRows(file, rows.slice(0, 2), 3, actor, { readOffset: 5_000_000_000 });
    expect(await the.ledger.file(file.id)).toMatchObject({ lastRow: 3, readOffset: 5_000_000_000 });
    await the.ledger.insertRows(file, rows.slice(0, 1), 2, actor, { readOffset: 100 });
    expect(await the.ledger.file(file.id)).toMatchObject({ lastRow: 3, readOffset: 5_000_000_000 });
    // A place that is not known is none: not that of an earlier row.
    await the.ledger.insertRows(file, rows.slice(2), 5, actor);
    expect(await the.ledger.file(file.id)).toMatchObject({ lastRow: 5, readOffset: null });
  });

  test('holds each lead once when two files with the same rows are read at once', async () => {
    const count = 1000;
    const [one, two] = [await the.reading(), await the.reading()];
    const rows = leads('raced', count);
    // In another order: a lock on each lead in turn would end in a deadlock.
    const reversed = rows.map((row, index) => ({ ...row, rowNumber: count + 1 - index })).toReversed();
    await startTogether(() => [
      the.ledger.insertRows(one, rows, count + 1, actor),
      the.other.insertRows(two, reversed, count + 1, actor),
    ]);
    const all = [...(await the.rowsOf(one)), ...(await the.rowsOf(two))];
    const held = all.filter((row) => row.state === 'received');
    expect(held).toHaveLength(count);
    expect(all.filter((row) => row.state === 'duplicate')).toHaveLength(count);
    expect(new Set(all.flatMap((row) => row.duplicateOf ?? []))).toEqual(new Set(held.map((row) => row.id)));
  });

  test('makes a row a duplicate of an earlier one of its own batch', async () => {
    const file = await the.reading();
    const identity = hash('twice in a batch');
    await the.ledger.insertRows(file, [the.newRow(2, { identity }), the.newRow(3, { identity })], 3, actor);
    const [first, second] = await the.rowsOf(file);
    expect(second).toMatchObject({ state: 'duplicate', duplicateOf: first?.id, nextAt: null });
  });

  test('tells a repeat from a correction', async () => {
    const [file, next] = [await the.reading(), await the.reading()];
    await the.ledger.insertRows(file, leads('told', 2), 3, actor);
    const [repeat] = leads('told', 1);
    const [, correction] = leads('told', 2, 'corrected');
    await the.ledger.insertRows(next, [repeat as never, correction as never], 3, actor);
    expect((await the.rowsOf(next)).map((row) => [row.state, row.code])).toEqual([
      ['duplicate', 'ROW_DUPLICATE'],
      ['duplicate', 'ROW_LEAD_CHANGE_HELD'],
    ]);
    await register(the.ledger, await the.rowOf(file, 3), 'L-told');
    const last = await the.reading();
    await the.ledger.insertRows(last, [correction as never], 3, actor);
    expect(await the.rowOf(last, 3)).toMatchObject({ state: 'duplicate', code: 'ROW_LEAD_CHANGED' });
  });

  test('asks again about a lead that was not managed only when the row says something new', async () => {
    const file = await the.reading();
    await the.ledger.insertRows(file, leads('unmanaged', 2), 3, actor);
    for (const row of await the.rowsOf(file)) await the.ledger.move(moveOf(row, 'not_managed'));
    const next = await the.reading();
    const [repeat] = leads('unmanaged', 1);
    const [, correction] = leads('unmanaged', 2, 'corrected');
    await the.ledger.insertRows(next, [repeat as never, correction as never], 3, actor);
    expect((await the.rowsOf(next)).map((row) => row.state)).toEqual(['duplicate', 'received']);

    const later = await the.reading();
    await the.ledger.insertRows(later, [repeat as never], 3, actor, { recheckNotManagedMs: 0 });
    expect((await the.rowOf(later, 2)).state).toBe('received');
  });

  test('joins a repeat to its failed row, and lets a correction replace it', async () => {
    const file = await the.reading();
    await the.ledger.insertRows(file, leads('given up', 2), 3, actor);
    for (const row of await the.rowsOf(file)) await the.ledger.move(moveOf(row, 'failed', { set: { code: 'API_KO' } }));
    const next = await the.reading();
    const [repeat] = leads('given up', 1);
    const [, correction] = leads('given up', 2, 'corrected');
    await the.ledger.insertRows(next, [repeat as never, correction as never], 3, actor);
    const [failed, replaced] = await the.rowsOf(file);
    expect(failed).toMatchObject({ state: 'failed' });
    expect(replaced).toMatchObject({ state: 'cancelled', code: 'ROW_REPLACED' });
    expect(await the.rowsOf(next)).toMatchObject([
      { state: 'duplicate', duplicateOf: failed?.id },
      { state: 'received' },
    ]);
    expect((await the.ledger.fileView(file.id))?.counts).toEqual({ failed: 1, cancelled: 1 });
  });

  test('repeats what the API refused without a call, until the row or the config says something else', async () => {
    const refused = await the.reading();
    await the.ledger.insertRows(refused, leads('refused', 3), 4, actor);
    for (const row of await the.rowsOf(refused)) {
      await the.ledger.move(moveOf(row, 'rejected', { set: { code: 'API_REFUSED' } }));
    }
    const [repeat, , other] = leads('refused', 3);
    const [, correction] = leads('refused', 2, 'corrected');
    const next = await the.reading();
    await the.ledger.insertRows(next, [repeat as never, correction as never], 3, actor);
    expect((await the.rowsOf(next)).map((row) => [row.state, row.code])).toEqual([
      ['duplicate', 'API_REFUSED'],
      ['received', null],
    ]);
    const configured = await the.reading('leads', { configVersion: 'v2' });
    await the.ledger.insertRows(configured, [other as never], 4, actor);
    expect((await the.rowOf(configured, 4)).state).toBe('received');
  });

  test('takes no lead that a person cancelled, but one that was cancelled with its file', async () => {
    const file = await the.reading();
    await the.ledger.insertRows(file, leads('taken out', 1), 2, actor);
    await the.ledger.move(moveOf(await the.rowOf(file, 2), 'cancelled', { set: { code: 'ROW_CANCELLED' } }));
    const gone = await the.reading();
    await the.ledger.insertRows(gone, leads('turned away', 1), 2, actor);
    await the.ledger.abandonFile(gone.id, 'quarantined', 'FILE_CHANGED_WHILE_READ', actor);

    const next = await the.reading();
    const [cancelled] = leads('taken out', 1, 'corrected');
    const [turnedAway] = leads('turned away', 1);
    await the.ledger.insertRows(
      next,
      [cancelled as never, { ...(turnedAway as never as object), rowNumber: 3 } as never],
      3,
      actor,
    );
    expect((await the.rowsOf(next)).map((row) => [row.state, row.code])).toEqual([
      ['duplicate', 'ROW_CANCELLED_BEFORE'],
      ['received', null],
    ]);
  });

  test('writes nothing of a file that is no longer being read', async () => {
    const file = await the.reading();
    await the.ledger.finishReading(file.id, actor);
    await the.ledger.insertRows(file, leads('too late', 1), 2, actor);
    expect(await the.rowsOf(file)).toEqual([]);
  });

  test('joins an update to its lead, by the leadId or by the own id of the partner', async () => {
    const file = await the.reading();
    const partnerLeadId = hash('CRM-77');
    await the.ledger.insertRows(file, [the.newRow(2, { identity: hash('joined'), partnerLeadId })], 2, actor);
    const lead = await register(the.ledger, await the.rowOf(file, 2), 'L-77');
    const updates = await the.reading('updates');
    await the.ledger.insertRows(
      updates,
      [the.newRow(2, { leadId: 'L-77' }), the.newRow(3, { partnerLeadId }), the.newRow(4, { leadId: 'L-unknown' })],
      4,
      actor,
    );
    expect((await the.rowsOf(updates)).map((row) => row.leadRow)).toEqual([lead.id, lead.id, null]);
    expect(await mustRow(the.ledger, lead.id)).toMatchObject({ leadId: 'L-77' });
  });
});

/** Holds every insert back until each of the writes waits for a lock, then lets them go at once. */
async function startTogether(start: () => readonly Promise<unknown>[]): Promise<void> {
  const writes = await the.db.transaction().execute(async (gate) => {
    await sql`lock table ledger_row in share mode`.execute(gate);
    const started = start();
    await eventually('every write waits', async () => {
      const { rows } = await sql`select distinct pid from pg_locks where not granted
        and database = (select oid from pg_database where datname = current_database())`.execute(the.db);
      return rows.length === started.length;
    });
    return started;
  });
  await Promise.all(writes);
}

describe('the suppression list', () => {
  const erasures = () => createErasureLedger(the.db);
  const begin = () =>
    erasures().beginErasure(
      { rows: [], tags: [{ tag: '7', evenWithNif: false }], keyId: 1, person: Buffer.from('sealed') },
      { actor, reason: 'asked for' },
    );
  const versionNow = async () => (await createSuppressions(the.db).read()).version;

  /** Has the turn of writing rows, as a batch has it, until `during` has ended. */
  async function withTheTurn(during: (somebodyWaits: () => Promise<void>) => Promise<void>): Promise<void> {
    await the.db.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(hashtext('leadsync.rows'), hashtext(${partner}))`.execute(transaction);
      await during(async () => {
        await eventually('somebody to wait for the turn', async () => {
          const { rows } = await sql`select from pg_locks where locktype = 'advisory' and not granted`.execute(the.db);
          return rows.length === 1;
        });
      });
    });
  }

  test('keeps out a batch that was judged by an older one, also where it has waited for its turn', async () => {
    const file = await the.reading();
    const suppressions = await versionNow();
    let waiting: Promise<boolean> | undefined;
    await withTheTurn(async (somebodyWaits) => {
      waiting = the.other.insertRows(file, [the.newRow(2)], 2, actor, { suppressions });
      await somebodyWaits();
      await begin();
    });
    expect(await waiting).toBe(false);
    expect(await the.rowsOf(file)).toEqual([]);
    const newest = { suppressions: await versionNow() };
    expect(await the.ledger.insertRows(file, [the.newRow(2)], 2, actor, newest)).toBe(true);
    expect(await the.rowsOf(file)).toHaveLength(1);
  });

  test('is known to every batch that comes after an erasure has waited: it waits for those at work', async () => {
    await the.reading();
    let isOver = false;
    let outlasting: Promise<void> | undefined;
    await withTheTurn(async (somebodyWaits) => {
      outlasting = erasures()
        .outlastReadings()
        .then(() => void (isOver = true));
      await somebodyWaits();
      expect(isOver).toBe(false);
    });
    await outlasting;
    expect(isOver).toBe(true);
  });

  test('has a refused row hold its erasure from the beginning, and its file marked', async () => {
    const file = await the.reading();
    const erasure = await begin();
    const refused = the.newRow(3, {
      state: 'rejected',
      code: 'ROW_SUPPRESSED',
      identity: null,
      content: null,
      erasure,
    });
    await the.ledger.insertRows(file, [the.newRow(2), refused], 3, actor);
    expect((await the.rowsOf(file)).map((row) => row.erasure)).toEqual([null, erasure]);
    expect((await erasures().filesToErase()).map((marked) => marked.file.id)).toContain(file.id);
    expect(await erasures().erasedRows(file.id)).toEqual([3]);
  });
});
