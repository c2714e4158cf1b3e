import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createLeadership, type Leadership } from '../../../src/adapters/ledger/leadership.ts';
import { eventually } from '../../support/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let open: Leadership[] = [];
beforeAll(async () => {
  database = await createTestDatabase('leadership');
});
afterEach(async () => {
  await Promise.all(open.map((leadership) => leadership.resign()));
  open = [];
});
afterAll(() => database.drop());

function candidate(url = database.url, options: { readonly silentMs?: number } = {}): Leadership {
  const leadership = createLeadership(url, options);
  open.push(leadership);
  return leadership;
}

/** Ends the leader's connection from outside and waits until the server has let go of it. */
async function cutOffLeader(): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`select pg_terminate_backend(pid, 10_000) from pg_locks
    where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`);
  await client.end();
}

test('one of two leads, and the other follows when it resigns', async () => {
  const [one, two] = [candidate(), candidate()];
  const [first, second] = await Promise.all([one.tryLead(), two.tryLead()]);
  expect([first, second].filter(Boolean)).toHaveLength(1);
  const [leader, follower] = first ? [one, two] : [two, one];
  expect(await leader.tryLead()).toBe(true);
  expect(await follower.tryLead()).toBe(false);
  await leader.resign();
  expect(leader.isLeading()).toBe(false);
  expect(await follower.tryLead()).toBe(true);
  expect(await leader.tryLead()).toBe(false);
});

test('a leader whose connection is lost leads no more, and may again when the lead is free', async () => {
  const [leader, follower] = [candidate(), candidate()];
  expect(await leader.tryLead()).toBe(true);
  expect(await follower.tryLead()).toBe(false);
  await cutOffLeader();
  expect(await follower.tryLead()).toBe(true);
  expect(await leader.tryLead()).toBe(false);
  await follower.resign();
  expect(await leader.tryLead()).toBe(true);
});

test('a leader that is frozen, its connection open, is followed by another', async () => {
  const [frozen, follower] = [candidate(database.url, { silentMs: 200 }), candidate()];
  expect(await frozen.tryLead()).toBe(true);
  expect(await follower.tryLead()).toBe(false);
  expect(await eventually('the lead', () => follower.tryLead())).toBe(true);
  expect(await frozen.tryLead()).toBe(false);
});

test('a database that is away leaves nobody leading, without a throw', async () => {
  const leadership = candidate('postgres://nobody@127.0.0.1:1/none');
  expect(await leadership.tryLead()).toBe(false);
  expect(leadership.isLeading()).toBe(false);
});

test('asked twice at once it takes one connection only', async () => {
  const leadership = candidate();
  expect(await Promise.all([leadership.tryLead(), leadership.tryLead()])).toEqual([true, true]);
  await leadership.resign();
  expect(await candidate().tryLead()).toBe(true);
});
