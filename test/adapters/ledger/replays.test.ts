import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReplayLedger } from '../../../src/adapters/ledger/replays.ts';
import { openDatabase, type OpenedDatabase } from '../../../src/adapters/ledger/database.ts';
import { takeBackToWork } from '../../../src/app/take-back-to-work.ts';
import type { ReplayLedger, RowSelection } from '../../../src/app/ports/replay-ledger.ts';
import type { LedgerFile, NewRow } from '../../../src/app/ports/ledger.ts';
import type { LedgerRow, RowState } from '../../../src/app/ports/row.ts';
import { aLedger, actor, announce, hash, moveOf, mustRow, register, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let second: OpenedDatabase;
let replays: ReplayLedger;
/** The same from another process. */
let theirs: ReplayLedger;

beforeEach(async () => {
  the = await aLedger('replays');
  second = openDatabase(the.url, { max: 2 });
  replays = createReplayLedger(the.db);
  theirs = createReplayLedger(second.db);
});
afterEach(async () => {
  await second.close();
  await the.close();
});

const by = { actor: 'cli:ana', reason: 'the API is back', ratePerSecond: 1_000_000 };

/** A file that was read, with `count` leads that have failed. */
async function failedLeads(count: number, over: (n: number) => Partial<NewRow> = () => ({})): Promise<LedgerFile> {
  const file = await the.reading();
  const rows = Array.from({ length: count }, (_, n) => the.newRow(n + 2, over(n)));
  await the.ledger.insertRows(file, rows, count + 1, actor);
  await the.ledger.finishReading(file.id, actor);
  await Promise.all((await the.rowsOf(file)).map((row) => end(row, 'failed')));
  return file;
}

async function end(row: LedgerRow, to: RowState): Promise<LedgerRow> {
  await the.ledger.move(moveOf(row, to, { set: { code: to === 'cancelled' ? 'ROW_CANCELLED' : 'API_KO' } }));
  return mustRow(the.ledger, row.id);
}

async function begin(selection: RowSelection, over: Partial<typeof by> = {}): Promise<string> {
  const { id } = await replays.proposeReplay(selection, { ...by, ...over });
  if (id === null || !(await replays.startReplay(id))) throw new Error('no row is safe');
  return id;
}

/** As the leader does, until it has ended. */
async function carryOut(id: string, ledger = replays, window = 500): Promise<void> {
  while ((await replays.runningReplays()).includes(id)) await ledger.carryOnReplay(id, window);
}

async function events(action: string): Promise<readonly { rowId: string | null; reason: string; detail: object }[]> {
  const { rows } = await sql<{ rowId: string | null; reason: string; detail: object }>`
    select row_id::text as "rowId", reason, detail from audit_event where action = ${action} order by seq`.execute(
    the.db,
  );
  return rows;
}

async function states(file: LedgerFile): Promise<Record<string, number>> {
  await the.ledger.sumUp();
  const view = await the.ledger.fileView(file.id);
  const exactly = await the.ledger.countExactly(file.id);
  expect(view?.counts).toEqual(exactly);
  return { ...exactly };
}

describe('a replay', () => {
  it('takes every failed row back to work, once, with the batch named in the audit log', async () => {
    const file = await failedLeads(30);
    const id = await begin({ state: 'failed' });
    await carryOut(id, replays, 7);
    expect(await states(file)).toEqual({ received: 30 });
    for (const row of await the.rowsOf(file))
      expect(row).toMatchObject({ state: 'received', step: null, attempts: 0, replays: 1, code: null, fence: 1 });
    const replayed = await events('row.replayed');
    expect(new Set(replayed.map(({ rowId }) => rowId)).size).toBe(30);
    expect(replayed).toHaveLength(30);
    expect(replayed[0]).toMatchObject({ reason: 'the API is back', detail: { replay: Number(id) } });
    expect(await events('replay.started')).toMatchObject([{ detail: { rows: 30, filter: { state: 'failed' } } }]);
    expect(await events('replay.finished')).toMatchObject([{ detail: { replayed: 30 } }]);
    expect(await replays.replayBatch(id)).toMatchObject({ state: 'finished', rows: 30, replayed: 30, left: 0 });
    expect(await replays.carryOnReplay(id, 500)).toEqual({ rows: 0 });
    expect((await the.ledger.dueRows('lead', 'acme', null, 100)).length).toBe(30);
  });

  it('is frozen: what fails later is no part of it, and a row that has moved since stays', async () => {
    const file = await failedLeads(3);
    const [, moved] = await the.rowsOf(file);
    const id = await begin({ state: 'failed' });
    if (moved === undefined) throw new Error('three rows');
    // Taken back by somebody else, and failed anew: it looks the same and is not.
    await the.ledger.move(moveOf(moved, 'received'));
    await end(await mustRow(the.ledger, moved.id), 'failed');
    const later = await failedLeads(2);
    await carryOut(id);
    expect(await states(file)).toEqual({ received: 2, failed: 1 });
    expect(await states(later)).toEqual({ failed: 2 });
    expect(await replays.replayBatch(id)).toMatchObject({ replayed: 2, movedOn: 1, heldByAnother: 0 });
    expect(await replays.stayedRows(id, 10)).toEqual([
      { rowId: moved.id, why: 'moved_on', holder: null, state: 'failed', code: 'API_KO' },
    ]);
  });

  it('takes no row twice when two people replay the same rows and two processes believe that they lead', async () => {
    const file = await failedLeads(200);
    const [one, two] = await Promise.all([begin({ state: 'failed' }), begin({ fileId: file.id })]);
    await Promise.all([carryOut(one, replays, 20), carryOut(one, theirs, 30), carryOut(two, theirs, 20)]);
    expect(await states(file)).toEqual({ received: 200 });
    expect(await events('row.replayed')).toHaveLength(200);
    const batches = await Promise.all([one, two].map((id) => replays.replayBatch(id)));
    expect(batches.map((batch) => (batch?.replayed ?? 0) + (batch?.movedOn ?? 0))).toEqual([200, 200]);
    expect(batches.reduce((sum, batch) => sum + (batch?.replayed ?? 0), 0)).toBe(200);
  });

  it('leaves everything or nothing of a window behind when its connection is cut', async () => {
    const file = await failedLeads(40);
    const id = await begin({ state: 'failed' });
    // The window waits for a row that somebody holds, and is killed there.
    const [held] = await the.rowsOf(file);
    await the.db.transaction().execute(async (holding) => {
      await sql`select from ledger_row where id = ${held?.id} for update`.execute(holding);
      const cut = theirs.carryOnReplay(id, 40).catch((error: unknown) => error);
      for (let killed = 0; killed === 0;) {
        const { rows } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`.execute(the.db);
        killed = rows.length;
      }
      expect(await cut).toBeInstanceOf(Error);
    });
    expect(await replays.replayBatch(id)).toMatchObject({ state: 'running', replayed: 0, left: 40 });
    expect(await states(file)).toEqual({ failed: 40 });
    await carryOut(id);
    expect(await states(file)).toEqual({ received: 40 });
    expect(await events('row.replayed')).toHaveLength(40);
  });

  it('ends where it is when it is aborted, and says what was not touched', async () => {
    const file = await failedLeads(30);
    const id = await begin({ state: 'failed' });
    await replays.carryOnReplay(id, 10);
    const act = { actor: 'cli:ben', reason: 'down again' };
    expect(await replays.abortReplay(id, act)).toBe(true);
    expect(await replays.carryOnReplay(id, 10)).toEqual({ rows: 0 });
    expect(await states(file)).toEqual({ received: 10, failed: 20 });
    expect(await replays.replayBatch(id)).toMatchObject({ state: 'aborted', replayed: 10, left: 20 });
    expect(await events('replay.aborted')).toMatchObject([
      { reason: 'down again', detail: { replay: Number(id), replayed: 10, left: 20 } },
    ]);
    expect(await replays.abortReplay(id, act)).toBe(false);
    expect(await events('replay.aborted')).toHaveLength(1);
  });

  it('keeps to its rate by the clock of the database, and does not save up what it missed', async () => {
    const file = await failedLeads(40);
    const id = await begin({ state: 'failed' }, { ratePerSecond: 5 });
    const pacedFrom = async (moment: string) =>
      sql`update replay_batch set paced_at = clock_timestamp() + ${moment}::interval`.execute(the.db);
    await pacedFrom('1 hour');
    expect(await replays.carryOnReplay(id, 500)).toEqual({ rows: 0 });
    await pacedFrom('-1 second');
    const { rows } = await replays.carryOnReplay(id, 500);
    expect(rows).toBeGreaterThanOrEqual(5);
    expect(rows).toBeLessThanOrEqual(10);
    // What it took is used up.
    const { rows: paced } = await sql<{ is: boolean }>`
      select paced_at > started_at as is from replay_batch where id = ${id}`.execute(the.db);
    expect(paced).toEqual([{ is: true }]);
    // A night without a leader.
    await pacedFrom('-8 hours');
    expect(await replays.carryOnReplay(id, 500)).toEqual({ rows: 10 });
    expect(await states(file)).toEqual({ received: rows + 10, failed: 30 - rows });
  });

  it('leaves a row whose lead another row holds, names the holder, and cancels it if it had failed', async () => {
    const identity = hash('one lead');
    const file = await failedLeads(2, (n) => (n === 0 ? { identity } : {}));
    const id = await begin({ state: 'failed' });
    const newer = await the.reading();
    await the.ledger.insertRows(newer, [the.newRow(2, { identity: hash('its own for now') })], 2, actor);
    await the.ledger.finishReading(newer.id, actor);
    const [holder] = await the.rowsOf(newer);
    if (holder === undefined) throw new Error('one row');
    await sql`update ledger_row set identity = ${identity} where id = ${holder.id}`.execute(the.db);
    const [old] = await the.rowsOf(file);
    if (old === undefined) throw new Error('two rows');
    await sql`update ledger_row set followed = true where id = ${old.id}`.execute(the.db);
    await carryOut(id);
    expect(await mustRow(the.ledger, old.id)).toMatchObject({ state: 'cancelled', code: 'ROW_REPLACED', replays: 0 });
    expect(await replays.replayBatch(id)).toMatchObject({ replayed: 1, heldByAnother: 1, replaced: 1 });
    expect(await replays.stayedRows(id, 10)).toMatchObject([
      { rowId: old.id, why: 'held_by_another', holder: holder.id },
    ]);
    expect(await events('row.cancelled')).toMatchObject([
      { rowId: old.id, detail: { replay: Number(id), holder: Number(holder.id) } },
    ]);
    expect(await states(file)).toEqual({ received: 1, cancelled: 1 });
    // Its duplicates are told.
    expect(await the.count('row_ended')).toBe(1);
  });

  it('cancels a failed row that is retried in the queue when another row holds its lead', async () => {
    const identity = hash('retried');
    const failed = await failedLeads(1, () => ({ identity }));
    const taker = await failedLeads(1);
    const problem = { code: 'API_KO' } as const;
    await sql`update ledger_row set identity = ${identity} where file_id = ${taker.id}`.execute(the.db);
    await sql`update ledger_row set problems = ${JSON.stringify([problem])}::jsonb where file_id = ${failed.id}`.execute(
      the.db,
    );
    await the.ledger.move(moveOf(await the.rowOf(taker, 2), 'received'));
    const retry = { actor: 'queue', reason: 'retried in the queue' };
    expect(await takeBackToWork(the.ledger, await the.rowOf(failed, 2), retry)).toEqual({ won: false, why: 'taken' });
    expect(await the.rowOf(failed, 2)).toMatchObject({ state: 'cancelled', code: 'ROW_REPLACED', problems: [] });
  });

  it('takes the newest of the rows that are one lead, in one window or in two', async () => {
    for (const window of [500, 1]) {
      const identity = hash(`one lead ${window}`);
      const file = await failedLeads(3, (n) => ({ identity: hash(`${window} ${n}`) }));
      await sql`update ledger_row set identity = ${identity} where file_id = ${file.id} and row_number <> 3`.execute(
        the.db,
      );
      await carryOut(await begin({ fileId: file.id, state: 'failed' }), replays, window);
      const rows = await the.rowsOf(file);
      expect(rows.map(({ state, code }) => [state, code])).toEqual([
        ['cancelled', 'ROW_REPLACED'],
        ['received', null],
        ['received', null],
      ]);
    }
  });

  it('waits for the row that takes the lead in the same moment, and then sees it', async () => {
    const identity = hash('contested');
    const file = await failedLeads(1, () => ({ identity }));
    const other = await failedLeads(1);
    const [taker] = await the.rowsOf(other);
    await sql`update ledger_row set identity = ${identity} where id = ${taker?.id}`.execute(the.db);
    const id = await begin({ fileId: file.id, state: 'failed' });
    const [carrying] = await the.db.transaction().execute(async (taking) => {
      await sql`update ledger_row set state = 'received' where id = ${taker?.id}`.execute(taking);
      const waiting = carryOut(id, theirs);
      for (let waits = false; !waits;) {
        const { rows } = await sql`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`.execute(the.db);
        waits = rows.length > 0;
      }
      // In a list: a promise alone would be waited for before the commit that it waits for.
      return [waiting];
    });
    await carrying;
    expect(await replays.replayBatch(id)).toMatchObject({ replayed: 0, heldByAnother: 1, replaced: 1 });
  });

  it('puts the rows that may go before those that stay for a person, and says why', async () => {
    const file = await the.reading();
    const unusable = { state: 'rejected', code: 'ROW_NIF_INVALID' } as const;
    const all = [2, 3, 4, 5, 6, 7, 8].map((n) => the.newRow(n, n === 2 ? { ...unusable, identity: null } : {}));
    await the.ledger.insertRows(file, all, 8, actor);
    await the.ledger.finishReading(file.id, actor);
    const [, failed, refused, doubtful, registered, cancelled, open] = await the.rowsOf(file);
    if (!failed || !refused || !doubtful || !registered || !cancelled || !open) throw new Error('seven rows');
    await end(failed, 'failed');
    await end(refused, 'rejected');
    await end(await announce(the.ledger, doubtful), 'in_doubt');
    await register(the.ledger, registered, 'L-1');
    await end(cancelled, 'cancelled');
    const classes = async (selection: RowSelection) =>
      (await replays.previewReplay(selection)).map((group) => `${group.class}: ${group.n} ${group.state}`).toSorted();
    expect(await classes({})).toEqual([
      'in_doubt: 1 in_doubt',
      'needs_corrected_file: 1 rejected',
      'safe: 1 failed',
      'safe: 1 rejected',
    ]);
    expect(await classes({ state: 'cancelled' })).toEqual(['safe: 1 cancelled']);
    expect(await classes({ rowId: cancelled.id })).toEqual(['safe: 1 cancelled']);
    expect(await classes({ rowId: registered.id })).toEqual(['not_replayable: 1 registered']);
    expect(await classes({ rowId: open.id })).toEqual(['not_replayable: 1 received']);
    expect(await classes({ limit: 1 })).toContainEqual('safe: 1 rejected');
    expect(await classes({ limit: 1 })).not.toContainEqual('safe: 1 failed');
    // Counted along indexes, and row by row: the same.
    const agree = async (selection: RowSelection) => {
      const { id, groups } = await replays.proposeReplay(selection, by);
      if (id !== null) await replays.discardReplay(id);
      expect(await replays.previewReplay(selection)).toEqual(groups);
    };
    const selections: RowSelection[] = [{}, { state: 'rejected' }, { fileId: file.id }, { code: 'ROW_NIF_INVALID' }];
    for (const selection of [...selections, { partner: 'nobody' }, { kind: 'lead' as const }]) await agree(selection);
    await sql`update file set state = 'quarantined' where id = ${file.id}`.execute(the.db);
    for (const selection of selections) await agree(selection);
    expect(await classes({ state: 'rejected' })).toEqual(['not_replayable: 1 rejected', 'not_replayable: 1 rejected']);
    expect(await classes({ state: 'failed' })).toEqual(['not_replayable: 1 failed']);
  });

  it('takes updates back that were refused, and none that was cancelled', async () => {
    const file = await the.reading('updates');
    await the.ledger.insertRows(file, [the.newRow(2), the.newRow(3)], 3, actor);
    await the.ledger.finishReading(file.id, actor);
    const [refused, cancelled] = await the.rowsOf(file);
    if (!refused || !cancelled) throw new Error('two rows');
    await end(refused, 'rejected');
    await end(cancelled, 'cancelled');
    expect((await replays.proposeReplay({ state: 'cancelled' }, by)).id).toBeNull();
    await carryOut(await begin({ state: 'rejected' }));
    expect(await states(file)).toEqual({ received: 1, cancelled: 1 });
  });

  it('leaves no trace of a proposal that nobody wants, or whose maker has gone', async () => {
    await failedLeads(2);
    const { id } = await replays.proposeReplay({ state: 'failed' }, by);
    expect(await replays.replayBatches(10)).toEqual([]);
    expect(await replays.carryOnReplay(id ?? '', 10)).toEqual({ rows: 0 });
    await replays.discardReplay(id ?? '');
    expect(await replays.startReplay(id ?? '')).toBe(false);
    await replays.proposeReplay({ state: 'failed' }, by);
    const running = await begin({ state: 'failed' });
    await replays.forgetProposals(-1);
    expect([await the.count('replay_batch'), await the.count('replay_row')]).toEqual([1, 2]);
    expect((await replays.replayBatches(10)).map((batch) => batch.id)).toEqual([running]);
  });
});
