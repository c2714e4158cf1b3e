import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDeliveryLedger } from '../../src/adapters/ledger/deliveries.ts';
import { createDeliveryPruning } from '../../src/app/prune-deliveries.ts';
import { aLedger, type TestLedger } from '../adapters/ledger/a-ledger.ts';

let the: TestLedger;

beforeAll(async () => {
  the = await aLedger('prune deliveries');
  await sql`insert into night_end (night) values ('2026-01-01')`.execute(the.owner);
});
afterAll(() => the.close());

it('deliveries that ended more than 90 days ago are removed, 500 at a time, and no other', async () => {
  const enter = (about: string, count: number, state: string, days: number) =>
    sql`insert into delivery (about, channel, recipient, lane, night, state, created_at, ended_at)
      select 'night', 'file', '', ${about} || n, '2026-01-01', ${state}, clock_timestamp() - ${days}::int * interval '1 day',
        case when ${state} <> 'pending' then clock_timestamp() - ${days}::int * interval '1 day' end
      from generate_series(1, ${count}::int) as n`.execute(the.owner);
  await enter('old', 600, 'delivered', 91);
  await enter('given up', 1, 'given_up', 91);
  await enter('young', 2, 'delivered', 89);
  await enter('waits', 3, 'pending', 200);
  let now = 0;
  const deliveries = createDeliveryLedger(the.db);
  const pruning = createDeliveryPruning({ clock: { monotonicMs: () => now }, deliveries });
  const left = async () => (await deliveries.deliveries({ limit: 1_000 })).length;
  await pruning.tick();
  expect(await left()).toBe(106);
  await pruning.tick();
  expect(await left()).toBe(5);
  await enter('older', 1, 'delivered', 92);
  await pruning.tick();
  expect(await left()).toBe(6);
  now = 600_000;
  await pruning.tick();
  expect(await left()).toBe(5);
});
