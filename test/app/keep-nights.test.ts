import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createNightRuns } from '../../src/adapters/ledger/nights.ts';
import { createNightViews } from '../../src/adapters/ledger/night-views.ts';
import { cronSchedules } from '../../src/adapters/schedule/cron-schedule.ts';
import { createNights, nightPatience } from '../../src/app/keep-nights.ts';
import type { LogEvents } from '../../src/app/ports/log.ts';
import type { LedgerFile } from '../../src/app/ports/ledger.ts';
import type { NightLedger } from '../../src/app/ports/night-ledger.ts';
import type { Partner } from '../../src/domain/partner.ts';
import { aLedger, type TestLedger } from '../adapters/ledger/a-ledger.ts';
import { aPartner } from '../domain/a-partner.ts';

let the: TestLedger;
let ledger: NightLedger;
/** What the clock of the database is taken to show, and since when the inboxes are watched. */
let now: Date;
let inboxesSince: Date | null;
let partners: Partner[];
let begun: LogEvents['nightBegun'][];
let waits: LogEvents['nightWaits'][];

beforeAll(async () => {
  the = await aLedger('keep nights');
  ledger = { ...createNightRuns(the.db), ...createNightViews(the.db) };
});
afterAll(() => the.close());
beforeEach(async () => {
  await sql`truncate partner_watch, night_run`.execute(the.owner);
  await sql`update file set run = null`.execute(the.db);
  inboxesSince = new Date('2026-01-01T00:00:00Z');
  partners = [nightly()];
  begun = [];
  waits = [];
});

function nightly(cron = '0 2 * * *', changes: Partial<Partner> = {}): Partner {
  return aPartner({ schedule: { cron, timeZone: 'Europe/Madrid' }, ...changes });
}

const nights = createNights(
  {
    instance: 'leader',
    log: {
      event: (name, fields) => {
        if (name === 'nightBegun') begun.push(fields as LogEvents['nightBegun']);
        if (name === 'nightWaits') waits.push(fields as LogEvents['nightWaits']);
      },
    },
    partners: { get: () => null, list: () => partners, isBroken: () => false },
    nights: new Proxy({} as NightLedger, {
      get: (_, name: keyof NightLedger) =>
        name === 'watch' ? async () => ({ ...(await ledger.watch()), now, inboxesSince }) : ledger[name],
    }),
    schedules: cronSchedules,
  },
  nightPatience,
);

async function tickAt(...moments: readonly string[]): Promise<void> {
  for (const moment of moments) {
    now = new Date(moment);
    await nights.tick();
  }
}

/** Looks for the first time: a partner is watched from then on. */
async function watchFrom(moment: string): Promise<void> {
  await tickAt(moment);
  await sql`update partner_watch set looked_to = ${moment}`.execute(the.db);
}

async function fileThatWaits(): Promise<LedgerFile> {
  const { file } = await the.ledger.acceptFile(the.newFile({ dueAt: new Date('2030-01-01'), night: '2030-01-01' }));
  return file;
}

async function readToItsEnd(file: LedgerFile, rows = 0): Promise<void> {
  const reading = await the.ledger.startReading(file.id, 'test');
  if (reading === null) throw new Error('not read');
  const all = Array.from({ length: rows }, (_, at) => the.newRow(at + 2));
  await the.ledger.insertRows(reading, all, rows + 1, 'test');
  await the.ledger.finishReading(file.id, 'test');
}

const where = async ({ id }: LedgerFile) => {
  const file = await the.ledger.file(id);
  return file?.waitsForRun === true ? 'waits' : file?.night;
};

describe('the run of a night', () => {
  it('begins a moment after its hour, once, with what waits for it', async () => {
    await watchFrom('2026-11-23T18:00:00Z');
    const file = await fileThatWaits();
    await tickAt('2026-11-24T00:59:59Z', '2026-11-24T01:00:00.500Z');
    expect(await where(file)).toBe('waits');
    await tickAt('2026-11-24T01:00:01Z', '2026-11-24T01:00:01.500Z', '2026-11-24T10:00:00Z');
    expect(await where(file)).toBe('2026-11-24');
    expect(begun).toEqual([{ partner: 'acme', night: '2026-11-24', files: 1, passed: 0 }]);
    await readToItsEnd(file);
    const later = await fileThatWaits();
    await tickAt('2026-11-24T23:00:00Z');
    expect(await where(later)).toBe('waits');
    await tickAt('2026-11-25T01:00:01Z');
    expect(await where(later)).toBe('2026-11-25');
  });

  it('of an evening and of a morning is one night', async () => {
    partners = [nightly('0 22,2 * * *')];
    await watchFrom('2026-11-23T18:00:00Z');
    const evening = await fileThatWaits();
    await tickAt('2026-11-23T21:00:01Z');
    const morning = await fileThatWaits();
    await tickAt('2026-11-24T01:00:01Z');
    expect([await where(evening), await where(morning)]).toEqual(['2026-11-24', '2026-11-24']);
    expect(await ledger.runsOf('2026-11-24')).toHaveLength(1);
  });

  it.each([
    ['2026-03-29', '2026-03-29T00:59:59Z', '2026-03-29T01:00:01Z', '2026-03-29T12:00:00Z'],
    ['2026-10-25', '2026-10-24T23:59:59Z', '2026-10-25T00:00:01Z', '2026-10-25T12:00:00Z'],
  ])('of %s, where the clocks change, begins once', async (night, before, at, after) => {
    await watchFrom(`${night.slice(0, 8)}${Number(night.slice(8)) - 1}T18:00:00Z`);
    const file = await fileThatWaits();
    await tickAt(before);
    expect(await where(file)).toBe('waits');
    await tickAt(at);
    expect(await where(file)).toBe(night);
    for (let hour = Date.parse(at); hour < Date.parse(after); hour += 15 * 60_000)
      await tickAt(new Date(hour).toISOString());
    expect(begun).toHaveLength(1);
  });
});

describe('a run that was missed', () => {
  it('is made up for once, when the inboxes have been looked into again', async () => {
    await watchFrom('2026-11-20T18:00:00Z');
    const file = await fileThatWaits();
    inboxesSince = new Date('2026-11-24T08:00:00Z');
    await tickAt('2026-11-24T08:00:01Z', '2026-11-24T08:00:59Z');
    expect(await where(file)).toBe('waits');
    await tickAt('2026-11-24T08:01:00Z', '2026-11-24T08:01:01Z');
    expect(begun).toEqual([{ partner: 'acme', night: '2026-11-24', files: 1, passed: 3 }]);
    expect(await where(file)).toBe('2026-11-24');
  });

  it('waits for somebody who watches the inboxes', async () => {
    await watchFrom('2026-11-23T18:00:00Z');
    inboxesSince = null;
    await tickAt('2026-11-24T01:00:01Z', '2026-11-24T09:00:00Z');
    expect(begun).toEqual([]);
  });

  it('is none for a partner whose schedule is new, or was changed after the hour', async () => {
    await tickAt('2026-11-24T09:00:00Z');
    await sql`update partner_watch set looked_to = '2026-11-24T09:00:00Z'`.execute(the.db);
    const file = await fileThatWaits();
    await tickAt('2026-11-24T09:30:00Z', '2026-11-24T10:00:00Z');
    partners = [nightly('45 10 * * *')];
    await tickAt('2026-11-24T10:00:02Z', '2026-11-24T10:30:00Z');
    expect([await where(file), begun]).toEqual(['waits', []]);
    // A change while nobody looked hides nothing.
    partners = [nightly('0 2 * * *')];
    await tickAt('2026-11-25T09:00:00Z');
    expect(await where(file)).toBe('2026-11-25');
  });
});

describe('two runs of one partner', () => {
  /** Of which one row is due, all the time. */
  async function runWithDueRow(): Promise<LedgerFile> {
    await watchFrom('2026-11-23T18:00:00Z');
    const file = await fileThatWaits();
    await tickAt('2026-11-24T01:00:01Z');
    await readToItsEnd(file, 1);
    return file;
  }

  it('do not overlap: the second waits until the first has nothing due, and says so once', async () => {
    const first = await runWithDueRow();
    const second = await fileThatWaits();
    await tickAt('2026-11-25T01:00:01Z', '2026-11-25T01:00:02Z', '2026-11-25T02:00:00Z');
    expect(await where(second)).toBe('waits');
    expect(waits).toEqual([{ partner: 'acme', night: '2026-11-25' }]);
    await the.ledger.cancelRows(first.id, 'FILE_HELD', { actor: 'test', reason: null });
    await tickAt('2026-11-25T02:00:01Z');
    expect(await where(second)).toBe('2026-11-25');
  });

  it('are one where hours pass meanwhile, and the second waits a day at most', async () => {
    await runWithDueRow();
    const second = await fileThatWaits();
    await tickAt('2026-11-25T01:00:01Z', '2026-11-26T00:59:59Z');
    expect(await where(second)).toBe('waits');
    await tickAt('2026-11-26T01:00:01Z');
    expect(await where(second)).toBe('2026-11-26');
    expect(begun.at(-1)).toMatchObject({ night: '2026-11-26', passed: 1 });
  });
});

it('lets files go whose partner has a schedule no longer', async () => {
  await watchFrom('2026-11-23T18:00:00Z');
  const file = await fileThatWaits();
  partners = [aPartner()];
  await tickAt('2026-11-23T19:00:00Z');
  expect(await where(file)).toBe('2026-11-24');
  expect((await the.ledger.filesDue()).map(({ id }) => id)).toContain(file.id);
});

it('goes on with the other partners when the schedule of one can not be worked out', async () => {
  partners = [nightly('0 2 30 2 *', { id: 'never' }), nightly()];
  await tickAt('2026-11-23T18:00:00Z').catch(() => undefined);
  await sql`update partner_watch set looked_to = '2026-11-23T18:00:00Z'`.execute(the.db);
  const file = await fileThatWaits();
  await tickAt('2026-11-24T01:00:01Z').catch(() => undefined);
  expect(await where(file)).toBe('2026-11-24');
});
