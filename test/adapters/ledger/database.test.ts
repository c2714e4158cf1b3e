import { sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../src/adapters/ledger/database.ts';
import { createTestDatabase } from '../../support/database.ts';

// An 'error' event without a listener would end the process: here, the test run.
test('outlives a connection that is lost while a transaction has it', async () => {
  const database = await createTestDatabase('lost connection');
  const { db, close } = openDatabase(database.url, { max: 1 });
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  const lost = db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
    // Nothing of ours waits for the server when the connection ends.
    await other.query('select pg_terminate_backend($1, 10000)', [rows[0]?.pid]);
    await new Promise((resolve) => setImmediate(resolve));
    await sql`select 1`.execute(transaction);
  });
  await expect(lost).rejects.toThrow();
  expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  await other.end();
  await close();
  await database.drop();
});
