import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createNightRuns } from '../../src/adapters/ledger/nights.ts';
import { createNightViews } from '../../src/adapters/ledger/night-views.ts';
import { forecastNights, type ForecastPorts } from '../../src/app/forecast-nights.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { aLedger, moveOf, type TestLedger } from '../adapters/ledger/a-ledger.ts';
import { aPartner } from '../domain/a-partner.ts';

let the: TestLedger;

beforeAll(async () => {
  the = await aLedger('forecast');
});
afterAll(() => the.close());
afterEach(async () => {
  await the.ledger.endPauses(null, { actor: 'test', reason: 'over' });
  // Nothing of one test is at work in the next.
  for (const { id } of await createNightViews(the.db).openFiles())
    await the.ledger.cancelRows(id, 'FILE_HELD', { actor: 'test', reason: null });
});

function waitsFor(by: string | null, id = 'acme'): Partner {
  const partner = aPartner({ id });
  return { ...partner, results: { ...partner.results, by } };
}

function ports(ratePerSecond: number, partners: readonly Partner[] = [waitsFor('07:00')]): ForecastPorts {
  return {
    ledger: the.ledger,
    nights: { ...createNightRuns(the.db), ...createNightViews(the.db) },
    partners: { get: () => null, list: () => partners, isBroken: () => false },
    settings: { ratePerSecond } as ForecastPorts['settings'],
  };
}

/** A file of so many leads, whose rows could go to work so long ago. */
async function fileAtWork(partner: string, rows: number, changes: { night?: string; sinceMs?: number } = {}) {
  const { night = '2099-01-01', sinceMs = 0 } = changes;
  const file = await the.reading('leads', { partner, night });
  const all = Array.from({ length: rows }, (_, at) => the.newRow(at + 2));
  await the.ledger.insertRows(file, all, rows + 1, 'test');
  await the.ledger.finishReading(file.id, 'test');
  await sql`update file set work_since = clock_timestamp() - ${sinceMs}::float8 * interval '1 millisecond'
    where id = ${file.id}`.execute(the.db);
  return file;
}

describe('the forecast', () => {
  it('speaks of partners whose results are waited for, while rows of them are at work', async () => {
    expect(await forecastNights(ports(10))).toEqual([]);
    await fileAtWork('acme', 3);
    expect(await forecastNights(ports(10, [waitsFor(null)]))).toEqual([]);
    expect(await forecastNights(ports(10))).toMatchObject([
      { partner: 'acme', night: '2099-01-01', callsLeft: 6, ratePerSecond: 10, isInTime: true, isOverdue: false },
    ]);
  });

  it('adds older nights to a newer one, and other partners as far as they share the account', async () => {
    await fileAtWork('acme', 10, { night: '2026-01-01' });
    await fileAtWork('acme', 20);
    await fileAtWork('norte', 500);
    await fileAtWork('brisa', 5);
    const [old, recent] = await forecastNights(ports(1));
    expect(old).toMatchObject({ night: '2026-01-01', callsLeft: 20, isOverdue: true, isInTime: false });
    expect(recent).toMatchObject({ night: '2099-01-01', callsLeft: 60 });
    // 60 of its own, 60 of norte and 10 of brisa, at one a second.
    const takesMs = (recent?.doneAt?.getTime() ?? 0) - Date.now();
    expect(Math.abs(takesMs - 130_000)).toBeLessThan(20_000);
  });

  it('makes no night late whose results were there: a replay of it is work, and no promise', async () => {
    const old = await fileAtWork('acme', 10, { night: '2026-01-01' });
    await fileAtWork('acme', 20);
    await sql`update file set settled_at = clock_timestamp() where id = ${old.id}`.execute(the.db);
    expect(await forecastNights(ports(1))).toMatchObject([{ night: '2099-01-01', callsLeft: 60 }]);
  });

  it('goes by what the account has shown, without the time in which calls were stopped', async () => {
    const file = await fileAtWork('acme', 250, { sinceMs: 20 * 60_000 });
    for (const row of (await the.rowsOf(file)).slice(0, 60))
      await the.ledger.move(moveOf(row, 'not_managed', { set: { step: null } }));
    const [shown] = await forecastNights(ports(10));
    expect(shown?.ratePerSecond).toBeCloseTo(60 / 1_200, 3);
    await sql`insert into audit_event (at, actor, action, reason) values
      (clock_timestamp() - interval '15 minutes', 'cli:ana', 'work.paused', 'x'),
      (clock_timestamp() - interval '5 minutes', 'cli:ana', 'work.resumed', 'x')`.execute(the.owner);
    const [unstopped] = await forecastNights(ports(10));
    expect(unstopped?.ratePerSecond).toBeCloseTo(60 / 600, 3);
  });

  it('says until when paused work has to go on', async () => {
    await fileAtWork('acme', 30);
    await the.ledger.pause('acme', { actor: 'cli:ana', reason: 'x' });
    const [paused] = await forecastNights(ports(1));
    expect(paused).toMatchObject({ doneAt: null, isInTime: true });
    expect(paused?.goesOnBy).toEqual(new Date(new Date('2099-01-01T06:00:00Z').getTime() - 60_000));
  });
});
