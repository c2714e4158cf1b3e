import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/adapters/ledger/database.ts';
import { createLedger } from '../../../src/adapters/ledger/ledger.ts';
import { aLedger, actor, hash, moveOf, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('lock order');
});
afterAll(() => the.close());

describe('two processes that move the same rows in opposite orders', () => {
  test('never wait for each other', async () => {
    const file = await the.reading();
    const many = 120;
    const rows = Array.from({ length: many }, (_, index) =>
      the.newRow(index + 2, { identity: hash(`${file.id} ${index}`) }),
    );
    await the.ledger.insertRows(file, rows, many + 1, actor);
    const pools = [openDatabase(the.url), openDatabase(the.url)] as const;
    const [one, two] = [createLedger(pools[0].db), createLedger(pools[1].db)];
    for (let round = 0; round < 30; round += 1) {
      const seen = await the.rowsOf(file);
      const to = seen[0]?.state === 'checked' ? 'received' : 'checked';
      await Promise.all([
        ...seen.map((row) => one.move(moveOf(row, to))),
        ...seen.toReversed().map((row) => two.move(moveOf(row, to))),
      ]);
    }
    // A statement that dies of a deadlock is tried again in parts, so nobody but the server's own count knows of it.
    // A server process hands in its count when it ends.
    await Promise.all(pools.map((pool) => pool.close()));
    const { rows: counted } = await sql<{ deadlocks: number }>`
      select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()`.execute(the.db);
    expect(counted).toEqual([{ deadlocks: 0 }]);
  });
});
