import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCancelLedger } from '../../../src/adapters/ledger/cancel-rows.ts';
import { openDatabase, type OpenedDatabase } from '../../../src/adapters/ledger/database.ts';
import { createLedger } from '../../../src/adapters/ledger/ledger.ts';
import { createReplayLedger } from '../../../src/adapters/ledger/replays.ts';
import { eventually } from '../../support/eventually.ts';
import { aLedger, actor, hash, moveOf, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('lock order');
});
afterAll(() => the.close());

/** Connections that can be told from the others. */
function racer(): OpenedDatabase {
  const url = new URL(the.url);
  url.searchParams.set('application_name', 'racer');
  return openDatabase(url.href);
}

describe('two processes that move the same rows in opposite orders', () => {
  test('never wait for each other', async () => {
    const file = await the.reading();
    const many = 120;
    const rows = Array.from({ length: many }, (_, index) =>
      the.newRow(index + 2, { identity: hash(`${file.id} ${index}`) }),
    );
    await the.ledger.insertRows(file, rows, many + 1, actor);
    const pools = [racer(), racer()] as const;
    const [one, two] = [createLedger(pools[0].db, pools[0].planned), createLedger(pools[1].db, pools[1].planned)];
    for (let round = 0; round < 10; round += 1) {
      const seen = await the.rowsOf(file);
      const to = seen[0]?.state === 'checked' ? 'received' : 'checked';
      const move = () => [
        ...seen.map((row) => one.move(moveOf(row, to))),
        ...seen.toReversed().map((row) => two.move(moveOf(row, to))),
      ];
      // Both stand before a row in the middle, with what they have locked until then: locked in any order, each would have
      // some that the other needs.
      const moves = await the.db.transaction().execute(async (transaction) => {
        await sql`select from ledger_row where id = ${seen[many / 2]?.id} for update`.execute(transaction);
        const begun = move();
        await eventually('both wait', async () => (await racersThatWait()) === 2);
        return begun;
      });
      await Promise.all(moves);
    }
    expect(await deadlocksOf(pools)).toBe(0);
  });

  test('nor do replays and cancellings, and a row goes one of the ways', async () => {
    const file = await the.reading('leads', { partner: 'three ways' });
    const rows = Array.from({ length: 600 }, (_, index) => the.newRow(index + 2));
    await the.ledger.insertRows(file, rows, 601, actor);
    await the.ledger.finishReading(file.id, actor);
    await Promise.all((await the.rowsOf(file)).map((row) => the.ledger.move(moveOf(row, 'failed'))));
    const pools = [racer(), racer(), racer()] as const;
    const [replays, cancels, ledger] = [
      createReplayLedger(pools[0].db),
      createCancelLedger(pools[1].db),
      createLedger(pools[2].db),
    ];
    const act = { actor: 'cli:ana', reason: 'a race' };
    const { id } = await replays.proposeReplay({ fileId: file.id }, { ...act, ratePerSecond: 1_000_000 });
    await replays.startReplay(id ?? '');
    const carryOut = async () => {
      while ((await replays.runningReplays()).length > 0) await replays.carryOnReplay(id ?? '', 50);
    };
    // Rows that the replay has taken back begin their work while a person cancels.
    const announceAll = async () => {
      for (const row of await ledger.rows({ fileId: file.id, state: 'received', limit: 600 }))
        await ledger.move(moveOf(row, 'checked'));
    };
    const cancelAll = async () => {
      for (let after: string | null = '0'; after !== null;)
        after = (await cancels.cancelSome({ fileId: file.id }, { after, upTo: '999999', limit: 70 }, act)).last;
    };
    await Promise.all([carryOut(), cancelAll(), announceAll()]);
    const deadlocks = await deadlocksOf(pools);
    const { rows: wrong } = await sql`select from ledger_row r where r.file_id = ${file.id} and r.version <> (
      select count(*) from audit_event a where a.row_id = r.id and a.to_state is not null)`.execute(the.db);
    expect(wrong).toEqual([]);
    const counts = await the.ledger.countExactly(file.id);
    expect((await the.ledger.fileView(file.id))?.counts).toEqual(counts);
    expect(Object.values(counts).reduce((sum, n) => sum + n, 0)).toBe(600);
    const batch = await createReplayLedger(the.db).replayBatch(id ?? '');
    expect((batch?.replayed ?? 0) + (batch?.movedOn ?? 0)).toBe(600);
    expect(deadlocks).toBe(0);
  });
});

async function racersThatWait(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
    where application_name = 'racer' and wait_event_type = 'Lock' and datname = current_database()`.execute(the.db);
  return rows[0]?.n ?? 0;
}

/**
 * Closes the pools. A statement that dies of a deadlock is tried again in parts, so nobody but the server's own count knows
 * of it, and a server process hands in its count when it ends: some time after its connection.
 */
async function deadlocksOf(pools: readonly OpenedDatabase[]): Promise<number> {
  await Promise.all(pools.map((pool) => pool.close()));
  const areLeft = async (): Promise<boolean> =>
    (await sql`select from pg_stat_activity where application_name = 'racer' limit 1`.execute(the.db)).rows.length > 0;
  while (await areLeft());
  const { rows } = await sql<{ deadlocks: number }>`
    select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()`.execute(the.db);
  return rows[0]?.deadlocks ?? 0;
}
