import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type OpenedDatabase } from '../../../src/adapters/ledger/database.ts';
import { createPersonIndex } from '../../../src/adapters/ledger/person-index.ts';
import type { LedgerFile } from '../../../src/app/ports/ledger.ts';
import type { PersonIndex, RowsToIndex } from '../../../src/app/ports/person-index.ts';
import { actor, aLedger, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let second: OpenedDatabase;
let persons: PersonIndex;
/** The same from another process. */
let theirs: PersonIndex;

beforeEach(async () => {
  the = await aLedger('person index');
  second = openDatabase(the.url, { max: 2 });
  persons = createPersonIndex(the.db);
  theirs = createPersonIndex(second.db);
});
afterEach(async () => {
  await second.close();
  await the.close();
});

async function read(file: LedgerFile, from: number, to: number): Promise<void> {
  const rows = Array.from({ length: to - from + 1 }, (_, n) => the.newRow(from + n));
  await the.ledger.insertRows(file, rows, to, actor);
}

/** Every row under one tag, as far as there are rows to be taken. */
async function indexAll(tag = '7', limit = 1_000): Promise<string[]> {
  const taken: string[] = [];
  for (let batch = await persons.nextToIndex(limit); batch !== null; batch = await persons.nextToIndex(limit)) {
    taken.push(...batch.rows.map(({ id }) => id));
    await persons.writeTags(batch, tagsOf(batch, tag));
  }
  return taken;
}

function tagsOf(batch: RowsToIndex, tag: string) {
  return batch.rows.map(({ id }) => ({ tag, rowId: id }));
}

async function tagged(tag = '7'): Promise<string[]> {
  return (await persons.taggedRows([tag], { limit: 10_000 })).map(({ id }) => id);
}

async function unindexed(): Promise<string[]> {
  const ids: string[] = [];
  for await (const rows of persons.unindexedRows({})) ids.push(...rows.map(({ id }) => id));
  return ids;
}

async function idsOf(file: LedgerFile): Promise<string[]> {
  return (await the.rowsOf(file)).map(({ id }) => id);
}

describe('the index of persons', () => {
  it('takes what is committed while a file is still being read, and the rest later', async () => {
    const file = await the.reading();
    await read(file, 2, 4);
    expect(await indexAll()).toEqual(await idsOf(file));
    await read(file, 5, 6);
    expect(await unindexed()).toHaveLength(2);
    expect(await persons.countUnindexed()).toBe(2);
    await the.ledger.finishReading(file.id, actor);
    expect(await indexAll()).toHaveLength(2);
    expect((await tagged()).toReversed()).toEqual(await idsOf(file));
    expect([await unindexed(), await persons.countUnindexed()]).toEqual([[], 0]);
  });

  it('does not take a batch that another reader has not committed, and misses none that commits late', async () => {
    const [slow, fast] = [await the.reading(), await the.reading()];
    await read(slow, 2, 3);
    await indexAll();
    await second.db.transaction().execute(async (transaction) => {
      await sql`insert into ledger_row (kind, partner, file_id, row_number, state, key_id, payload)
        select 'lead', partner, id, 4, 'rejected', key_id, 'late'::bytea from file where id = ${slow.id}`.execute(
        transaction,
      );
      await sql`update file set last_row = 4 where id = ${slow.id}`.execute(transaction);
      // Ids behind it are committed first.
      await read(fast, 2, 5);
      expect(await indexAll()).toHaveLength(4);
    });
    expect(await indexAll()).toHaveLength(1);
    expect(await tagged()).toHaveLength(7);
  });

  it('goes on where a process was killed between taking rows and writing their tags', async () => {
    const file = await the.reading();
    await read(file, 2, 1_200);
    expect((await persons.nextToIndex(500))?.rows).toHaveLength(500);
    expect(await indexAll('7', 500)).toHaveLength(1_199);
    expect(await tagged()).toHaveLength(1_199);
  });

  it('lets one of two processes write that have taken the same rows', async () => {
    const file = await the.reading();
    await read(file, 2, 10);
    const [mine, other] = [await persons.nextToIndex(100), await theirs.nextToIndex(100)];
    if (mine === null || other === null) throw new Error('nothing to take');
    expect(await persons.writeTags(mine, tagsOf(mine, '7'))).toBe(true);
    expect(await theirs.writeTags(other, tagsOf(other, '8'))).toBe(false);
    expect(await tagged('8')).toEqual([]);
  });

  it('takes a row anew when what it says changes, and forgets what it said', async () => {
    const file = await the.reading();
    await read(file, 2, 3);
    await indexAll('7');
    const [first = '', other = ''] = await idsOf(file);
    await sql`update ledger_row set payload = 'something else' where id = ${first}`.execute(the.db);
    expect(await unindexed()).toEqual([first]);
    expect(await indexAll('8')).toEqual([first]);
    expect([await tagged('7'), await tagged('8'), await unindexed()]).toEqual([[other], [first], []]);
  });

  it('does not take a row anew for moving', async () => {
    const file = await the.reading();
    await read(file, 2, 2);
    await indexAll();
    await sql`update ledger_row set state = 'cancelled', version = version + 1`.execute(the.db);
    expect(await persons.nextToIndex(10)).toBeNull();
  });

  it('takes both rows of a record of a mixed file', async () => {
    const file = await the.reading('mixed');
    await the.ledger.insertRows(
      file,
      [2, 3].flatMap((n) => [the.newRow(n, { kind: 'lead' }), the.newRow(n, { kind: 'update', identity: null })]),
      3,
      actor,
    );
    expect(await unindexed()).toHaveLength(4);
    expect(await indexAll('7', 1)).toHaveLength(4);
  });

  it('passes over numbers without rows, and ends', async () => {
    const file = await the.reading();
    await the.ledger.insertRows(file, [the.newRow(5_000)], 5_000, actor);
    expect(await indexAll('7', 100)).toHaveLength(1);
    expect(await unindexed()).toEqual([]);
  });

  it('keeps no word of a file that was read to its end, and of one that is held while it is read it does', async () => {
    const [done, held] = [await the.reading(), await the.reading()];
    await read(done, 2, 3);
    await read(held, 2, 3);
    await the.ledger.finishReading(done.id, actor);
    await the.ledger.holdFile(held.id, { actor, reason: 'look' });
    await indexAll();
    expect(await the.count('person_unindexed')).toBe(1);
    await the.ledger.releaseFile(held.id, { actor, reason: 'fine' });
    await read(held, 4, 4);
    expect(await indexAll()).toHaveLength(1);
  });

  it('answers the newest rows of a tag by filter, page by page', async () => {
    const file = await the.reading();
    await read(file, 2, 9);
    await indexAll();
    const ids = (await idsOf(file)).toReversed();
    const page = await persons.taggedRows(['7', '8'], { limit: 3 });
    expect(page.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    const next = await persons.taggedRows(['7'], { limit: 3, belowId: page.at(-1)?.id ?? '' });
    expect(next.map(({ id }) => id)).toEqual(ids.slice(3, 6));
    expect(await persons.taggedRows(['7'], { limit: 3, state: 'registered' })).toEqual([]);
  });
});
