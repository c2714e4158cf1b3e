import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FencedAnswer } from '../../../src/app/ports/ledger.ts';
import { aLedger, actor, announce, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let holders = 0;
beforeAll(async () => {
  the = await aLedger('instances');
});
afterAll(() => the.close());

const rule = { deadlineMs: 15_000, quietPeriodMs: 20 * 60_000 };

/** Is the holder fenced, when all of this happened so many seconds ago? */
async function fenced(ago: {
  intent: number;
  heartbeat?: number;
  drained?: number;
}): Promise<FencedAnswer & { readonly waitMinutes: number }> {
  holders += 1;
  const holder = `worker-${holders}`;
  const file = await the.reading();
  await the.ledger.insertRows(file, [the.newRow(2)], 2, actor);
  const row = await announce(the.ledger, await the.rowOf(file, 2), holder);
  const before = (seconds: number) => sql`clock_timestamp() - ${seconds}::float8 * interval '1 second'`;
  await sql`update ledger_row set intent_at = ${before(ago.intent)} where id = ${row.id}`.execute(the.db);
  if (ago.heartbeat !== undefined) {
    await the.ledger.enrol({ id: holder, host: 'host', pid: 1, roles: ['worker'] });
    await sql`update worker_instance set heartbeat_at = ${before(ago.heartbeat)},
      drained_at = ${ago.drained === undefined ? null : before(ago.drained)} where id = ${holder}`.execute(the.db);
  }
  const answer = await the.ledger.holderFenced(row.id, rule);
  return { ...answer, waitMinutes: Math.round(answer.waitMs / 60_000) };
}

const minute = 60;

describe('a holder is fenced', () => {
  test('once it has drained since the intent', async () => {
    expect(await fenced({ intent: 10, heartbeat: 5, drained: 5 })).toMatchObject({ fenced: true, quiet: false });
    expect(await fenced({ intent: 10, heartbeat: 20, drained: 20 })).toMatchObject({ fenced: false });
  });

  test('once it was alive past the deadline of its request, not before', async () => {
    expect(await fenced({ intent: 30, heartbeat: 5 })).toMatchObject({ fenced: true, quiet: false });
    expect(await fenced({ intent: 30, heartbeat: 20 })).toMatchObject({ fenced: false });
  });

  test('once it has been silent for the quiet period, from the later of intent and last heartbeat', async () => {
    expect(await fenced({ intent: 21 * minute, heartbeat: 22 * minute })).toMatchObject({
      fenced: true,
      quiet: true,
      waitMs: 0,
    });
    expect(await fenced({ intent: 19 * minute, heartbeat: 40 * minute })).toMatchObject({
      fenced: false,
      quiet: false,
      waitMinutes: 1,
    });
    // The heartbeat came 10 s after the intent, within the deadline: it may still have been about to write.
    expect(await fenced({ intent: 20 * minute + 5, heartbeat: 20 * minute - 5 })).toMatchObject({
      fenced: false,
      quiet: true,
    });
  });

  test('also when nobody knows it, by the quiet period', async () => {
    expect(await fenced({ intent: 21 * minute })).toMatchObject({ fenced: true, quiet: true });
    expect(await fenced({ intent: 5 * minute })).toMatchObject({ fenced: false, quiet: false, waitMinutes: 15 });
  });

  test('and waits for the quiet period all the same before anything is sent again', async () => {
    expect(await fenced({ intent: 5 * minute, heartbeat: 1 })).toMatchObject({ fenced: true, waitMinutes: 15 });
  });
});

test('what a service can not do is told, by code, until it is over or the service is gone', async () => {
  const notKept = { partner: 'acme', files: 1, system: 'ENOSPC' };
  const rotated = { partner: null, files: 0, system: null };
  await the.ledger.enrol({ id: 'full', host: 'one', pid: 12, roles: ['intake'] });
  await the.ledger.enrol({ id: 'stale', host: 'two', pid: 34, roles: ['worker'] });
  await the.ledger.noteTroubles('full', 'FILE_NOT_KEPT', [notKept]);
  await the.ledger.noteTroubles('full', 'CONFIG_KEY_ROTATED', [rotated]);
  await the.ledger.noteTroubles('stale', 'CONFIG_KEY_ROTATED', [rotated]);
  const told = await the.ledger.serviceTroubles();
  expect(told).toEqual([
    { code: 'FILE_NOT_KEPT', host: 'one', pid: 12, since: expect.any(Date), ...notKept },
    { code: 'CONFIG_KEY_ROTATED', host: 'one', pid: 12, since: expect.any(Date), ...rotated },
    { code: 'CONFIG_KEY_ROTATED', host: 'two', pid: 34, since: expect.any(Date), ...rotated },
  ]);
  // More of it is the same trouble, another partner's is another.
  await the.ledger.noteTroubles('full', 'FILE_NOT_KEPT', [
    { ...notKept, files: 2 },
    { ...notKept, partner: 'norte' },
  ]);
  const [first, ...others] = (await the.ledger.serviceTroubles()).filter(({ code }) => code === 'FILE_NOT_KEPT');
  expect(first).toMatchObject({ partner: 'acme', files: 2, since: told[0]?.since });
  expect(others).toMatchObject([{ partner: 'norte' }]);
  await the.ledger.noteTroubles('full', 'FILE_NOT_KEPT', []);
  await the.ledger.drained('stale');
  expect((await the.ledger.serviceTroubles()).map(({ code, host }) => `${code} ${host}`)).toEqual([
    'CONFIG_KEY_ROTATED one',
  ]);
  await the.ledger.drained('full');
});

test('a service is alive by its role until it drains or falls silent', async () => {
  expect(await the.ledger.serviceAlive('intake')).toBe(false);
  await the.ledger.enrol({ id: 'service', host: 'host', pid: 1, roles: ['intake', 'worker'] });
  expect(await the.ledger.serviceAlive('intake')).toBe(true);
  expect(await the.ledger.serviceAlive('console')).toBe(false);
  await sql`update worker_instance set heartbeat_at = clock_timestamp() - interval '20 seconds'
    where id = 'service'`.execute(the.db);
  expect(await the.ledger.serviceAlive('intake')).toBe(false);
  await the.ledger.heartbeat('service');
  expect(await the.ledger.serviceAlive('intake')).toBe(true);
  await the.ledger.drained('service');
  expect(await the.ledger.serviceAlive('intake')).toBe(false);
});
