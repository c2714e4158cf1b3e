import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createNightRuns } from '../../../src/adapters/ledger/nights.ts';
import { createNightViews } from '../../../src/adapters/ledger/night-views.ts';
import type { LedgerFile } from '../../../src/app/ports/ledger.ts';
import type { NightLedger } from '../../../src/app/ports/night-ledger.ts';
import { aLedger, announce, moveOf, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let nights: NightLedger;
let partner: string;

beforeAll(async () => {
  the = await aLedger('nights');
  nights = { ...createNightRuns(the.db), ...createNightViews(the.db) };
});
afterAll(() => the.close());
beforeEach(async () => {
  partner = `partner-${randomUUID().slice(0, 8)}`;
  await nights.noteExpected(partner, []);
  await sql`update partner_watch set looked_to = '2026-11-01' where partner = ${partner}`.execute(the.db);
});

const soon = (): Date => new Date(Date.now() + 3_600_000);
const hourOf = (night: string): Date => new Date(`${night}T01:00:00Z`);

function begin(night: string, passed = 0): Promise<number | null> {
  return nights.beginRun({ partner, night, hourAt: hourOf(night), passed }, 'leader');
}

const runsOf = async (night: string) => (await nights.runsOf(night)).filter((run) => run.partner === partner);

async function waiting(seenForMs = 0): Promise<LedgerFile> {
  const { file } = await the.ledger.acceptFile(the.newFile({ partner, dueAt: soon(), night: '2026-11-25', seenForMs }));
  return file;
}

const isDue = async ({ id }: LedgerFile): Promise<boolean> =>
  (await the.ledger.filesDue()).some((file) => file.id === id);

describe('a run', () => {
  it('lets the files go that wait for it, into its own night, and no other partner’s', async () => {
    const mine = await waiting();
    const { file: other } = await the.ledger.acceptFile(the.newFile({ partner: 'other', dueAt: soon() }));
    expect(mine).toMatchObject({ waitsForRun: true, night: '2026-11-25' });
    expect(await begin('2026-11-24')).toBe(1);
    expect(await the.ledger.file(mine.id)).toMatchObject({ waitsForRun: false, night: '2026-11-24' });
    expect([await isDue(mine), await isDue(other)]).toEqual([true, false]);
  });

  it('is one of a partner and a night, begun once for each hour, however many begin it', async () => {
    await waiting();
    const began = await Promise.all(Array.from({ length: 8 }, () => begin('2026-11-24')));
    expect(began.filter((files) => files !== null)).toEqual([1]);
    expect(await runsOf('2026-11-24')).toMatchObject([{ hourAt: hourOf('2026-11-24'), passed: 0 }]);
    expect(await begin('2026-11-23')).toBe(null);
  });

  it('goes on with a later hour of the same night, and keeps in mind what was made up for', async () => {
    await begin('2026-11-24', 3);
    const later = new Date('2026-11-24T03:00:00Z');
    expect(await nights.beginRun({ partner, night: '2026-11-24', hourAt: later, passed: 1 }, 'leader')).toBe(0);
    expect(await runsOf('2026-11-24')).toMatchObject([{ hourAt: later, passed: 4 }]);
  });

  it('is audited where it has files or makes up for something', async () => {
    await begin('2026-11-23');
    await waiting();
    await begin('2026-11-24');
    await begin('2026-11-25', 2);
    const { rows } = await sql<{ detail: object }>`select detail from audit_event
      where action = 'night.begun' and actor = 'leader' and partner = ${partner} order by seq`.execute(the.db);
    expect(rows.map(({ detail }) => detail)).toMatchObject([
      { night: '2026-11-24', files: 1, passed: 0 },
      { night: '2026-11-25', files: 0, passed: 2 },
    ]);
  });

  it('takes a held file as well, which then goes when it is released', async () => {
    const file = await waiting();
    const act = { actor: 'cli:test', reason: 'looks odd' };
    await the.ledger.holdFile(file.id, act);
    await begin('2026-11-24');
    expect(await isDue(file)).toBe(false);
    await the.ledger.releaseFile(file.id, act);
    expect(await isDue(file)).toBe(true);
  });

  it('takes a file that was seen before it began and is whole after it, and leaves later ones', async () => {
    await begin('2026-11-24');
    const [seenBefore, seenAfter] = [await waiting(60_000), await waiting()];
    expect(await nights.takeLatecomers()).toBe(1);
    expect([await isDue(seenBefore), await isDue(seenAfter)]).toEqual([true, false]);
    expect((await the.ledger.file(seenBefore.id))?.night).toBe('2026-11-24');
  });
});

describe('a run is under way', () => {
  const act = { actor: 'cli:test', reason: 'a pause in the test' };

  async function taken(): Promise<LedgerFile> {
    const file = await waiting();
    await begin('2026-11-24');
    return file;
  }
  async function read(file: LedgerFile): Promise<void> {
    const reading = await the.ledger.startReading(file.id, 'test');
    if (reading === null) throw new Error('not read');
    await the.ledger.insertRows(reading, [the.newRow(2)], 2, 'test');
    await the.ledger.finishReading(file.id, 'test');
  }

  it('while a file of it is to be read, or a row is due or on its way', async () => {
    expect(await nights.isRunUnderWay(partner, '2026-11-25')).toBe(false);
    const file = await taken();
    expect(await nights.isRunUnderWay(partner, '2026-11-25')).toBe(true);
    await read(file);
    expect(await nights.isRunUnderWay(partner, '2026-11-25')).toBe(true);
    const announced = await announce(the.ledger, await the.rowOf(file, 2));
    expect(await nights.isRunUnderWay(partner, '2026-11-25')).toBe(true);
    await the.ledger.move(moveOf(announced, 'in_doubt', { set: { step: null } }));
    expect(await nights.isRunUnderWay(partner, '2026-11-25')).toBe(false);
  });

  it('not while its rows wait for their time, or its file for a person', async () => {
    const file = await taken();
    await read(file);
    const row = await the.rowOf(file, 2);
    await the.ledger.move(moveOf(row, 'waiting', { set: { step: 'check' }, dueInMs: 3_600_000 }));
    expect(await nights.isRunUnderWay(partner, '2026-11-25')).toBe(false);
    await the.ledger.holdFile(file.id, act);
    expect(await nights.isRunUnderWay(partner, '2026-11-25')).toBe(false);
  });

  it('not while its work is paused: files are read then', async () => {
    await read(await taken());
    await the.ledger.pause(partner, act);
    expect(await nights.isRunUnderWay(partner, '2026-11-25')).toBe(false);
    await the.ledger.endPauses(partner, act);
    expect(await nights.isRunUnderWay(partner, '2026-11-25')).toBe(true);
  });

  it('not for a file that was imported by hand', async () => {
    await begin('2026-11-24');
    await the.ledger.acceptFile(the.newFile({ partner, night: '2026-11-24' }));
    expect(await nights.isRunUnderWay(partner, '2026-11-25')).toBe(false);
  });
});

it('lets one file go by hand, with the reason in the audit log, and not twice', async () => {
  const [file, other] = [await waiting(), await waiting()];
  const act = { actor: 'cli:ana', reason: 'came after the run' };
  expect(await nights.letGo({ fileId: file.id }, '2026-11-24', act)).toBe(1);
  expect(await nights.letGo({ fileId: file.id }, '2026-11-24', act)).toBe(0);
  expect([await isDue(file), await isDue(other)]).toEqual([true, false]);
  expect(await the.ledger.file(file.id)).toMatchObject({ night: '2026-11-24', waitsForRun: false });
  expect(await the.fileEvents(file)).toContainEqual(
    expect.objectContaining({ action: 'file.let_go', actor: 'cli:ana', reason: 'came after the run' }),
  );
  expect(await nights.letGo({ partner }, '2026-11-24', act)).toBe(1);
  expect(await isDue(other)).toBe(true);
});

describe('the watch', () => {
  it('knows since when the inboxes are watched, by those that are alive and watch', async () => {
    const instance = (id: string, roles: readonly string[]) => the.ledger.enrol({ id, host: 'test', pid: 1, roles });
    await instance('imports', ['intake', 'worker']);
    expect((await nights.watch()).inboxesSince).toBe(null);
    await instance('first', ['intake', 'watch']);
    await instance('second', ['intake', 'watch']);
    const since = (await nights.watch()).inboxesSince;
    expect(since).not.toBe(null);
    await the.ledger.drained('first');
    const now = await nights.watch();
    expect(now.inboxesSince?.getTime()).toBeGreaterThan(since?.getTime() ?? Infinity);
    await the.ledger.drained('second');
    expect((await nights.watch()).inboxesSince).toBe(null);
  });

  it('counts what waits, and looks forward only', async () => {
    await waiting();
    await waiting();
    await nights.lookTo(partner, new Date('2026-11-20T00:00:00Z'));
    await nights.lookTo(partner, new Date('2026-11-10T00:00:00Z'));
    const { partners, waiting: files } = await nights.watch();
    expect(files.get(partner)).toBe(2);
    expect(partners.get(partner)?.lookedTo).toEqual(new Date('2026-11-20T00:00:00Z'));
  });

  it('keeps since when each thing is expected, and forgets what is expected no longer', async () => {
    await nights.noteExpected(partner, ['one', 'two']);
    const first = (await nights.watch()).partners.get(partner)?.expects;
    await nights.noteExpected(partner, ['two', 'three']);
    const second = (await nights.watch()).partners.get(partner)?.expects;
    expect([...(second?.keys() ?? [])].toSorted()).toEqual(['three', 'two']);
    expect(second?.get('two')).toEqual(first?.get('two'));
    expect(second?.get('three')?.getTime()).toBeGreaterThan(first?.get('two')?.getTime() ?? Infinity);
  });
});

describe('what came', () => {
  it('is every file but those that were read again, with those that were turned away', async () => {
    const since = (await nights.watch()).now;
    const { file } = await the.ledger.acceptFile(the.newFile({ partner, night: '2026-11-24' }));
    await the.ledger.acceptFile(the.newFile({ partner, sha256: file.sha256, again: true, rereads: file.id }));
    const refused = await the.ledger.refuseFile({ ...the.newFile({ partner }), code: 'FILE_NOT_CSV' });
    const came = (await nights.arrivalsSince(since)).filter((arrival) => arrival.partner === partner);
    expect(came).toMatchObject([
      { fileId: file.id, kind: 'leads', isRefused: false, arrivedAt: file.arrivedAt },
      { fileId: refused.id, isRefused: true },
    ]);
  });

  it('is listed by night, with its rows by state', async () => {
    const file = await waiting();
    const listed = (await nights.filesOfNight('2026-11-25')).filter((one) => one.partner === partner);
    expect(listed).toMatchObject([{ id: file.id, counts: {} }]);
    expect(await nights.filesOfNight('2026-11-26')).toEqual([]);
  });
});

it('knows the files with open rows, and none that is over or held', async () => {
  const one = await the.reading('leads', { partner, night: '2026-11-24' });
  await the.ledger.insertRows(one, [the.newRow(2), the.newRow(3)], 3, 'test');
  await the.ledger.finishReading(one.id, 'test');
  const own = async () => (await nights.openFiles()).filter((file) => file.partner === partner);
  expect(await own()).toMatchObject([
    {
      id: one.id,
      night: '2026-11-24',
      workSince: expect.any(Date),
      wasSettled: false,
      countsByKind: { lead: { received: 2 } },
    },
  ]);
  for (const row of await the.rowsOf(one)) await the.ledger.move(moveOf(row, 'not_managed', { set: { step: null } }));
  expect(await own()).toEqual([]);
});

it('tells what stopped calls from the audit log', async () => {
  const from = (await nights.watch()).now;
  const act = { actor: 'cli:ana', reason: 'wrong ramo' };
  await the.ledger.pause(partner, act);
  await the.ledger.endPauses(partner, act);
  const halt = { endpoint: 'altaLead', code: 'API_HALTED_CREDENTIALS', settings: 's', row: '1' } as const;
  await the.ledger.halt('default', halt, { firstMs: 1_000, mostMs: 1_000 });
  await the.ledger.endHalts('default', 'all', { actor: 'api', reason: null });
  const { breaker } = await the.ledger.stops('default');
  const opens = {
    state: 'open',
    begins: true,
    cause: 'no_answer',
    probe: { inMs: 1_000, row: null, leftMs: 0, failed: 0 },
  } as const;
  await the.ledger.changeBreaker('default', breaker.version, opens, { actor: 'worker-1', reason: null });
  const events = await nights.stopEvents({ from, to: soon() });
  expect(events.map(({ kind, of, begins, cause, reason }) => [kind, of, begins, cause, reason])).toEqual([
    ['pause', partner, true, null, 'wrong ramo'],
    ['pause', partner, false, null, 'wrong ramo'],
    ['halt', 'altaLead', true, 'API_HALTED_CREDENTIALS', null],
    ['halt', 'altaLead', false, 'API_HALTED_CREDENTIALS', null],
    ['outage', null, true, 'no_answer', null],
  ]);
});
