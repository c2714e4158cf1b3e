import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerPages } from '../../../src/adapters/ledger/ledger-pages.ts';
import type { LedgerPages } from '../../../src/app/ports/ledger-pages.ts';
import { sql } from 'kysely';
import { actor, aLedger, moveOf, partner, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let pages: LedgerPages;
beforeAll(async () => {
  the = await aLedger('ledger pages');
  pages = createLedgerPages(the.db);
});
afterAll(() => the.close());

describe('what is due longest', () => {
  it('is nothing in an empty ledger, and nothing of a file that does not let its rows go', async () => {
    expect(await pages.longestDue()).toEqual([]);
    const file = await the.reading();
    await the.ledger.insertRows(file, [the.newRow(2)], 2, actor);
    expect(await pages.longestDue()).toEqual([]);
    await the.ledger.finishReading(file.id, actor);
    expect(await pages.longestDue()).toMatchObject([{ kind: 'lead' }]);
    await the.ledger.holdFile(file.id, { actor, reason: 'test' });
    expect(await pages.longestDue()).toEqual([]);
    await the.ledger.releaseFile(file.id, { actor, reason: 'test' });
  });

  it('is by kind, and not what waits for its next try', async () => {
    const file = await the.reading('updates');
    await the.ledger.insertRows(
      file,
      [the.newRow(2, { identity: null, leadId: 'L' }), the.newRow(3, { identity: null, leadId: 'M' })],
      3,
      actor,
    );
    await the.ledger.finishReading(file.id, actor);
    const [first, second] = await the.rowsOf(file);
    if (first === undefined || second === undefined) throw new Error('unreachable');
    await sql`update ledger_row set next_at = now() - interval '2 hours' where id = ${first.id}`.execute(the.db);
    const update = (await pages.longestDue()).find(({ kind }) => kind === 'update');
    expect(Math.round((update?.dueForMs ?? 0) / 60_000)).toBe(120);
    for (const row of [first, second])
      await the.ledger.move(moveOf(row, 'waiting', { set: { step: 'push' }, dueInMs: 3_600_000 }));
    expect((await pages.longestDue()).map(({ kind }) => kind)).toEqual(['lead']);
  });
});

describe('what waits for a person', () => {
  it('has done so since its oldest row, by partner and kind', async () => {
    const file = await the.reading();
    await the.ledger.insertRows(
      file,
      [2, 3, 4].map((row) => the.newRow(row)),
      4,
      actor,
    );
    const rows = await the.rowsOf(file);
    for (const row of rows) await the.ledger.move(moveOf(row, 'failed', { set: { code: 'API_KO' } }));
    await sql`update ledger_row set updated_at = '2026-01-01T00:00:00Z' where id = ${rows[1]?.id ?? ''}`.execute(
      the.db,
    );
    expect(await pages.oldestParked()).toEqual([
      { kind: 'lead', partner, state: 'failed', since: new Date('2026-01-01T00:00:00Z') },
    ]);
  });
});

describe('the services', () => {
  it('are those that are alive, and those that fell silent within a day; who said goodbye is gone', async () => {
    for (const id of ['alive', 'silent', 'gone', 'forgotten'])
      await the.ledger.enrol({ id, host: `host-${id}`, pid: 1, roles: ['worker'] });
    await the.ledger.drained('gone');
    await sql`update worker_instance set heartbeat_at = now() - case id when 'silent' then interval '1 hour'
      else interval '2 days' end where id in ('silent', 'forgotten')`.execute(the.db);
    const found = await pages.instances();
    expect(Object.fromEntries(found.map(({ id, isAlive }) => [id, isAlive]))).toEqual({ alive: true, silent: false });
  });
});

describe('the history of a file', () => {
  it('is that of the file, without its rows and the batches in which it was read', async () => {
    const file = await the.reading();
    await the.ledger.insertRows(file, [the.newRow(2)], 2, actor);
    await the.ledger.holdFile(file.id, { actor: 'cli:eva', reason: 'odd' });
    expect((await pages.fileHistory(file.id)).map(({ action, reason }) => [action, reason])).toEqual([
      ['file.arrived', null],
      ['file.reading', null],
      ['file.held', 'odd'],
    ]);
  });
});
