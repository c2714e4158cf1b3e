import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/adapters/ledger/database.ts';
import { aLedger, actor, hash, moveOf, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('lock order');
});
afterAll(() => the.close());

describe('two processes that move the same rows in opposite orders', () => {
  test('never wait for each other', async () => {
    const file = await the.reading();
    const many = 60;
    const rows = Array.from({ length: many }, (_, index) =>
      the.newRow(index + 2, { identity: hash(`${file.id} ${index}`) }),
    );
    await the.ledger.insertRows(file, rows, many + 1, actor);
    for (let round = 0; round < 40; round += 1) {
      const seen = await the.rowsOf(file);
      const to = seen[0]?.state === 'checked' ? 'received' : 'checked';
      await Promise.all([
        ...seen.map((row) => the.ledger.move(moveOf(row, to))),
        ...seen.toReversed().map((row) => the.other.move(moveOf(row, to))),
      ]);
    }
    // A statement that dies of a deadlock is tried again in parts, so nobody but the server's own count knows of it.
    const observer = openDatabase(the.url, 1);
    await sql`select pg_stat_force_next_flush()`.execute(the.db);
    const { rows: counted } = await sql<{ deadlocks: number }>`
      select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()`.execute(observer.db);
    await observer.close();
    expect(counted).toEqual([{ deadlocks: 0 }]);
  });
});
