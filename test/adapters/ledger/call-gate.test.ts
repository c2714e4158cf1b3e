import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCallGate } from '../../../src/adapters/ledger/call-gate.ts';
import { openDatabase } from '../../../src/adapters/ledger/database.ts';
import type { CallGate } from '../../../src/app/ports.ts';
import { aLedger, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let accounts = 0;
let instances = 0;
beforeAll(async () => {
  the = await aLedger('call gate');
});
afterAll(() => the.close());

const never = new AbortController().signal;

function gate(
  limits: { ratePerSecond?: number; concurrency?: number } = {},
  account = `account ${(accounts += 1)}`,
): CallGate {
  const { ratePerSecond = 0, concurrency = 100 } = limits;
  const own = { db: the.db, account, instance: `instance ${(instances += 1)}`, sendBudgetMs: 500, timeoutMs: 500 };
  return createCallGate({ ...own, ratePerSecond: () => ratePerSecond, concurrency });
}

/** Has it been settled, once everything that can happen without a timer has happened? */
async function isEntered(entering: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise(setImmediate);
  return (await Promise.race([entering, Promise.resolve(pending)])) !== pending;
}

describe('a gate', () => {
  test('keeps the rate of the account over all processes', async () => {
    const ratePerSecond = 50;
    const theirs = openDatabase(the.url);
    const limits = {
      account: 'shared',
      ratePerSecond: () => ratePerSecond,
      concurrency: 10,
      sendBudgetMs: 500,
      timeoutMs: 500,
    };
    const gates = [
      createCallGate({ db: the.db, instance: 'mine', ...limits }),
      createCallGate({ db: theirs.db, instance: 'theirs', ...limits }),
    ];
    const startedAt = performance.now();
    const entered = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const turn = await gates[index % 2]?.enter(never);
        turn?.leave();
        return performance.now() - startedAt;
      }),
    );
    await theirs.close();
    // The nth call enters n intervals after the first at the earliest; a timer may be a millisecond early.
    const early = entered.toSorted((one, two) => one - two).filter((at, n) => at < (n * 1000) / ratePerSecond - 2);
    expect(early).toEqual([]);
  });

  test('reserves no more than what waits: nothing is saved up for a burst', async () => {
    const limited = gate({ ratePerSecond: 2, concurrency: 50 }, 'frugal');
    (await limited.enter(never)).leave();
    const { rows } = await sql<{ ahead: number }>`
      select extract(epoch from next_free - clock_timestamp())::float8 as ahead from api_pace
      where account = 'frugal'`.execute(the.db);
    expect(rows[0]?.ahead).toBeLessThanOrEqual(0.5);
  });

  test('lets so many in at once, the others in order of arrival', async () => {
    const limited = gate({ concurrency: 2 });
    const [first, second] = [await limited.enter(never), await limited.enter(never)];
    const [third, fourth] = [limited.enter(never), limited.enter(never)];
    expect(await isEntered(third)).toBe(false);
    first.leave();
    first.leave();
    expect(await isEntered(third)).toBe(true);
    expect(await isEntered(fourth)).toBe(false);
    second.leave();
    expect(await isEntered(fourth)).toBe(true);
  });

  test('gives the place of one that gave up to the next', async () => {
    const limited = gate({ concurrency: 1 });
    const inside = await limited.enter(never);
    const stopping = new AbortController();
    const second = limited.enter(stopping.signal);
    const third = limited.enter(never);
    const reason = new Error('shutting down');
    stopping.abort(reason);
    await expect(second).rejects.toBe(reason);
    inside.leave();
    expect(await isEntered(third)).toBe(true);
    await expect(limited.enter(stopping.signal)).rejects.toBe(reason);
  });

  test('gives up while it waits for its moment, and its place goes on', async () => {
    const limited = gate({ ratePerSecond: 10, concurrency: 1 });
    (await limited.enter(never)).leave();
    const stopping = new AbortController();
    const second = limited.enter(stopping.signal);
    const reason = new Error('shutting down');
    stopping.abort(reason);
    await expect(second).rejects.toBe(reason);
    (await limited.enter(never)).leave();
  });

  test('without a limit of the rate asks the database for none', async () => {
    (await gate({}, 'unlimited').enter(never)).leave();
    expect((await sql`select from api_pace where account = 'unlimited'`.execute(the.db)).rows).toEqual([]);
  });

  describe('where calls are quick', () => {
    const quick = async (concurrency: number): Promise<CallGate> => {
      const limited = gate({ concurrency });
      const turn = await limited.enter(never);
      expect(await turn.begin(1_000, never)).toBe(true);
      turn.leave();
      return limited;
    };

    test('lets a few more enter than there are places, and none begin', async () => {
      const limited = await quick(4);
      const inside = await Promise.all([1, 2, 3, 4].map(() => limited.enter(never)));
      for (const turn of inside) expect(await turn.begin(1_000, never)).toBe(true);
      const ahead = await limited.enter(never);
      const more = limited.enter(never);
      expect(await isEntered(more)).toBe(false);
      const beginning = ahead.begin(60_000, never);
      expect(await isEntered(beginning)).toBe(false);
      inside[0]?.leave();
      expect(await isEntered(beginning)).toBe(true);
      expect(await beginning).toBe(true);
      expect(await isEntered(more)).toBe(true);
      const next = (await more).begin(60_000, never);
      expect(await isEntered(next)).toBe(false);
      ahead.leave();
      expect(await next).toBe(true);
    });

    test('lets nobody wait any longer who is told to stop, and gives the place to the next', async () => {
      const limited = await quick(1);
      const inside = await limited.enter(never);
      expect(await inside.begin(1_000, never)).toBe(true);
      const ahead = await limited.enter(never);
      const stopping = new AbortController();
      const beginning = ahead.begin(60_000, stopping.signal);
      stopping.abort();
      expect(await beginning).toBe(false);
      inside.leave();
      expect(await ahead.begin(60_000, stopping.signal)).toBe(false);
      ahead.leave();
      expect(await (await limited.enter(never)).begin(1_000, never)).toBe(true);
    });

    test('and no longer once one had to wait in vain', async () => {
      const limited = await quick(1);
      const inside = await limited.enter(never);
      expect(await inside.begin(1_000, never)).toBe(true);
      const ahead = await limited.enter(never);
      expect(await ahead.begin(1, never)).toBe(false);
      ahead.leave();
      const more = limited.enter(never);
      expect(await isEntered(more)).toBe(false);
      inside.leave();
      expect(await (await more).begin(1_000, never)).toBe(true);
    });
  });

  test('lets nobody ahead of a place before it is known that calls are quick', async () => {
    const limited = gate({ concurrency: 4 });
    for (let n = 0; n < 4; n += 1) await limited.enter(never);
    expect(await isEntered(limited.enter(never))).toBe(false);
  });
});
