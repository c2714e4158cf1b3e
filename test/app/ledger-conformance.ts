import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { NewRow, UpdateLedger, WorkLedger } from '../../src/app/ports/ledger.ts';
import type { RowMove, RowMoves } from '../../src/app/ports/row-moves.ts';
import type { LedgerRow } from '../../src/app/ports/row.ts';
import type { FileKind } from '../../src/domain/file-life.ts';
import type { MemoryViews } from '../support/in-memory/views.ts';

/** A ledger of either make, as far as rows need it. */
export interface ConformingLedger
  extends RowMoves, WorkLedger, UpdateLedger, Pick<MemoryViews, 'rows' | 'history' | 'attempts'> {}

export interface LedgerUnderTest {
  readonly ledger: ConformingLedger;
  /** A file of these rows, read to its end; they are due. Answers its rows in their order. `partner` defaults to acme. */
  rowsOf(kind: FileKind, rows: readonly Partial<NewRow>[], partner?: string): Promise<readonly LedgerRow[]>;
}

const lost = { won: false, why: 'moved_on' };
const taken = { won: false, why: 'taken' };

/** What every ledger promises about rows. One suite for the one on PostgreSQL and the one in memory. */
export function itConforms(the: () => LedgerUnderTest): void {
  const move = (row: LedgerRow, to: RowMove['to'], over: Partial<RowMove> = {}): RowMove => ({
    rowId: row.id,
    from: [row.state],
    fence: row.fence,
    version: row.version,
    to,
    audit: { action: 'row.tested', actor: 'test' },
    ...over,
  });
  async function look(id: string): Promise<LedgerRow> {
    const row = await the().ledger.row(id);
    if (row === null) throw new Error(`no row ${id}`);
    return row;
  }
  async function lead(over: Partial<NewRow> = {}): Promise<LedgerRow> {
    const [row] = await the().rowsOf('leads', [over]);
    return row as LedgerRow;
  }
  async function won(row: LedgerRow, to: RowMove['to'], over: Partial<RowMove> = {}): Promise<LedgerRow> {
    expect(await the().ledger.move(move(row, to, over))).toMatchObject({ won: true });
    return look(row.id);
  }
  async function announced(row: LedgerRow): Promise<LedgerRow> {
    const checked = await won(row, 'checked', { set: { checkedNow: true }, dueInMs: 0 });
    const begin = { attemptId: randomUUID(), step: 'create', instance: 'worker-1' } as const;
    return won(checked, 'submitting', { newFence: true, set: { holder: 'worker-1' }, begin });
  }
  const answer = (row: LedgerRow, leadId: string): Partial<RowMove> => ({
    set: { leadId, step: null },
    end: {
      attemptId: row.attemptId ?? '',
      evidence: 'response_complete',
      httpStatus: 200,
      outcome: 'answered',
      code: null,
      leadId,
    },
  });

  it('gives a move to one of many that try it', async () => {
    const row = await lead();
    const results = await Promise.all(Array.from({ length: 5 }, () => the().ledger.move(move(row, 'checked'))));
    expect(results.filter((result) => result.won)).toHaveLength(1);
    expect(results.filter((result) => !result.won)).toEqual([lost, lost, lost, lost]);
    expect(await look(row.id)).toMatchObject({ state: 'checked', version: 1, nextAt: null });
  });

  it('compares state, fence, version and attempt', async () => {
    const row = await announced(await lead());
    for (const wrong of [{ from: ['checked'] }, { fence: 0 }, { version: 1 }, { attempt: randomUUID() }] as const)
      expect(await the().ledger.move(move(row, 'in_doubt', wrong))).toEqual(lost);
    expect(await the().ledger.move({ ...move(row, 'in_doubt'), rowId: '999999' })).toEqual(lost);
    expect(await look(row.id)).toMatchObject({ state: 'submitting', version: row.version });
  });

  it('refuses what the state machine does not know, and rows without what their state asks for', async () => {
    const row = await lead();
    await expect(the().ledger.move(move(row, 'registered'))).rejects.toMatchObject({ code: '23514' });
    await expect(the().ledger.move(move(row, 'waiting'))).rejects.toMatchObject({ code: '23514' });
    const checked = await won(row, 'checked');
    await expect(the().ledger.move(move(checked, 'submitting'))).rejects.toMatchObject({ code: '23514' });
    const sent = await announced(await lead());
    await expect(the().ledger.move(move(sent, 'registered'))).rejects.toMatchObject({ code: '23514' });
  });

  it('keeps an attempt with its end, and writes nothing else where only that is asked', async () => {
    const row = await announced(await lead());
    const ended = await won(row, 'registered', answer(row, randomUUID()));
    expect(ended).toMatchObject({ state: 'registered', fence: 1, version: 3 });
    const attempts = await the().ledger.attempts(row.id);
    expect(attempts).toMatchObject([{ id: row.attemptId, fence: 1, outcome: 'answered', leadId: ended.leadId }]);
    const other = await lead();
    const untouched = await won(other, null, { set: { code: 'API_KO' }, audit: null });
    expect(untouched).toMatchObject({ state: 'received', version: 0, code: 'API_KO', nextAt: other.nextAt });
    expect(await the().ledger.history(other.id)).toEqual([]);
  });

  it('keeps an answer that comes too late on its attempt, and tells of a leadId that it brought', async () => {
    const row = await announced(await lead());
    await won(row, 'in_doubt');
    expect(await the().ledger.move(move(row, 'registered', answer(row, 'LATE-1')))).toMatchObject({ won: false });
    expect(await the().ledger.attempts(row.id)).toMatchObject([{ outcome: 'answered', leadId: 'LATE-1' }]);
    expect((await the().ledger.history(row.id)).at(-1)).toMatchObject({ action: 'lead.duplicate_suspected' });
  });

  it('tells of an answer without a leadId that comes too late, once, and changes nothing', async () => {
    const row = await announced(await lead());
    await won(row, 'in_doubt');
    const before = await look(row.id);
    const late = {
      end: {
        attemptId: row.attemptId ?? '',
        evidence: 'response_complete',
        httpStatus: 422,
        outcome: 'refused',
        code: 'API_REFUSED',
      },
    } as const;
    // A write whose commit was unknown is repeated.
    for (const _ of [1, 2]) expect(await the().ledger.move(move(row, 'rejected', late))).toMatchObject({ won: false });
    const { state, code, fence, version } = before;
    expect(await look(row.id)).toMatchObject({ state, code, fence, version });
    expect(await the().ledger.attempts(row.id)).toMatchObject([{ outcome: 'refused', httpStatus: 422 }]);
    const told = (await the().ledger.history(row.id)).filter(({ action }) => action === 'attempt.ended_late');
    expect(told).toMatchObject([{ code: 'API_REFUSED', to: null }]);
  });

  it('gives a leadId to one row', async () => {
    const [one, other] = [await announced(await lead()), await announced(await lead())];
    const leadId = randomUUID();
    await won(one, 'registered', answer(one, leadId));
    expect(await the().ledger.move(move(other, 'registered', answer(other, leadId)))).toEqual(taken);
    expect((await look(other.id)).state).toBe('submitting');
  });

  it('gives a lead to one row: a row that has ended can not take it back from another', async () => {
    const identity = randomUUID();
    const first = await won(await lead({ identity, content: randomUUID() }), 'rejected');
    const second = await lead({ identity, content: randomUUID() });
    expect(second.state).toBe('received');
    expect(await the().ledger.move(move(first, 'received', { newFence: true }))).toEqual(taken);
    expect((await look(first.id)).state).toBe('rejected');
  });

  it('judges a row of a lead that was seen before', async () => {
    const [identity, content] = [randomUUID(), randomUUID()];
    const rows = await the().rowsOf('leads', [
      { identity, content },
      { identity, content },
      { identity, content: randomUUID() },
    ]);
    expect(rows.map(({ state, code }) => [state, code])).toEqual([
      ['received', null],
      ['duplicate', 'ROW_DUPLICATE'],
      ['duplicate', 'ROW_LEAD_CHANGE_HELD'],
    ]);
    expect(rows.map((row) => row.duplicateOf)).toEqual([null, rows[0]?.id, rows[0]?.id]);
  });

  it('sends a held correction to work once the row before it has ended without a lead', async () => {
    const identity = randomUUID();
    const [first, held] = await the().rowsOf('leads', [
      { identity, content: randomUUID() },
      { identity, content: randomUUID() },
    ]);
    await won(first as LedgerRow, 'rejected');
    expect(await the().ledger.followLeads('test')).toBeGreaterThan(0);
    expect(await look(held?.id ?? '')).toMatchObject({ state: 'received', version: 1, duplicateOf: null });
    expect((await the().ledger.history(held?.id ?? '')).map((line) => line.action)).toEqual(['row.released']);
  });

  it('sends one repeat to work when the row before them was cancelled with its file, and lets the others follow it', async () => {
    const same = { identity: randomUUID(), content: randomUUID() };
    const [first, second, third] = await the().rowsOf('leads', [same, same, same]);
    await won(first as LedgerRow, 'cancelled', { set: { code: 'FILE_REJECTED' } });
    await the().ledger.followLeads('test');
    expect(await look(third?.id ?? '')).toMatchObject({ state: 'received', duplicateOf: null });
    expect(await look(second?.id ?? '')).toMatchObject({
      state: 'duplicate',
      code: 'ROW_DUPLICATE',
      duplicateOf: third?.id,
    });
  });

  it('tells a held correction that the lead exists', async () => {
    const identity = randomUUID();
    const [first, held] = await the().rowsOf('leads', [
      { identity, content: randomUUID() },
      { identity, content: randomUUID() },
    ]);
    const sent = await announced(first as LedgerRow);
    await won(sent, 'registered', answer(sent, randomUUID()));
    await the().ledger.followLeads('test');
    expect(await look(held?.id ?? '')).toMatchObject({ state: 'duplicate', version: 1, code: 'ROW_LEAD_CHANGED' });
  });

  it('lets the updates of a lead go one at a time, the oldest first', async () => {
    const sent = await announced(await lead());
    const leadId = randomUUID();
    const registered = await won(sent, 'registered', answer(sent, leadId));
    const update = (content: string): Partial<NewRow> => ({ leadId, identity: null, content });
    const [content, other] = [randomUUID(), randomUUID()];
    const [older, newer] = await the().rowsOf('updates', [update(content), update(other)]);
    if (older === undefined || newer === undefined) throw new Error('no updates');
    expect(older.leadRow).toBe(registered.id);
    expect(await the().ledger.updateTurn(older)).toMatchObject({ held: false, repeatsLatest: false });
    expect(await the().ledger.updateTurn(newer)).toMatchObject({ held: true });
    expect(await the().ledger.nextUpdateOf(newer)).toMatchObject({ id: older.id });
    const intent = (): Partial<RowMove> => ({
      newFence: true,
      set: { holder: 'worker-1' },
      begin: { attemptId: randomUUID(), step: 'push', instance: 'worker-1' },
    });
    const pushing = await won(older, 'pushing', intent());
    expect(await the().ledger.move(move(newer, 'pushing', intent()))).toEqual(taken);
    await won(pushing, 'pushed');
    expect(await the().ledger.updateTurn(newer)).toMatchObject({ held: false, overtaken: false, repeatsLatest: false });
    const [repeat] = await the().rowsOf('updates', [update(content)]);
    await won(await won(newer, 'pushing', intent()), 'rejected');
    expect(await the().ledger.updateTurn(repeat as LedgerRow)).toMatchObject({ held: false, repeatsLatest: true });
  });

  const pushIntent = (over: RowMove['set'] = {}): Partial<RowMove> => ({
    newFence: true,
    set: { holder: 'worker-1', ...over },
    begin: { attemptId: randomUUID(), step: 'push', instance: 'worker-1' },
  });
  async function registered(over: Partial<NewRow> = {}): Promise<LedgerRow> {
    const sent = await announced(await lead(over));
    return won(sent, 'registered', answer(sent, randomUUID()));
  }
  async function updates(...rows: readonly Partial<NewRow>[]): Promise<readonly [LedgerRow, LedgerRow]> {
    const written = await the().rowsOf(
      'updates',
      rows.map((row) => ({ identity: null, ...row })),
    );
    return [written[0] as LedgerRow, written[1] as LedgerRow];
  }

  it('holds what is newer while a request of an older update may still arrive, and nothing else', async () => {
    const { leadId } = await registered();
    const [content, quiet] = [randomUUID(), 60_000];
    const [older, newer] = await updates({ leadId, content }, { leadId, content: randomUUID() });
    const waiting = await won(await won(older, 'pushing', pushIntent()), 'waiting', {
      set: { step: 'push' },
      dueInMs: 0,
      mayArriveForMs: quiet,
    });
    expect(await the().ledger.updateTurn(waiting)).toMatchObject({ held: false, arrivingForMs: 0 });
    await won(await won(waiting, 'pushing', pushIntent()), 'pushed');
    const { held, arrivingForMs } = await the().ledger.updateTurn(newer);
    expect(held).toBe(false);
    expect(arrivingForMs).toBeGreaterThan(quiet / 2);
    expect(arrivingForMs).toBeLessThanOrEqual(quiet);
    await won(newer, 'waiting', { set: { step: 'push', code: 'ROW_UPDATE_HELD' }, dueInMs: 60_000 });
    await the().ledger.wakeUpdates();
    const due = await the().ledger.dueRows('update', newer.partner, null, 1_000);
    expect(due.map(({ id }) => id)).not.toContain(newer.id);
    const [ofAnother] = await updates({ leadId: (await registered()).leadId });
    expect(await the().ledger.updateTurn(ofAnother)).toMatchObject({ held: false, arrivingForMs: 0 });
  });

  it('lets an update that may have been set go before older ones that turn up after it', async () => {
    const leadId = (await registered()).leadId ?? '';
    const at = (day: number) => ({ leadId, content: randomUUID(), orderKey: `2026-11-0${day}T00:00:00.000` });
    const [sent, newest] = await updates(at(5), at(9));
    const pushing = await won(sent, 'pushing', pushIntent({ leadId }));
    const [older] = await updates(at(3));
    expect(await the().ledger.updateTurn(older)).toMatchObject({ held: true });
    const unanswered = await won(pushing, 'waiting', { set: { step: 'push' }, dueInMs: 60_000, mayArriveForMs: 0 });
    expect(await the().ledger.updateTurn(unanswered)).toMatchObject({ held: false });
    expect(await the().ledger.updateTurn(older)).toMatchObject({ held: true });
    expect(await the().ledger.updateTurn(newest)).toMatchObject({ held: true });
    // Also where its turn was looked at before the other one was sent.
    expect(await the().ledger.move(move(older, 'pushing', pushIntent({ leadId })))).toEqual(taken);
    await won(older, 'waiting', { set: { step: 'push', code: 'ROW_UPDATE_HELD' }, dueInMs: 300_000 });
    await the().ledger.wakeUpdates();
    expect((await look(older.id)).nextAt?.getTime()).toBeGreaterThan(Date.now() + 100_000);
    await won(await won(unanswered, 'pushing', pushIntent({ leadId })), 'pushed');
    expect(await the().ledger.wakeUpdates()).toBe(1);
    expect((await look(older.id)).nextAt?.getTime()).toBeLessThan(Date.now() + 100_000);
    expect(await the().ledger.updateTurn(older)).toMatchObject({ held: false, overtaken: true });
  });

  it('lets the newest of several that may have been set go first, and says which is next', async () => {
    const leadId = (await registered()).leadId ?? '';
    const at = (day: number) => ({ leadId, content: randomUUID(), orderKey: `2026-11-0${day}T00:00:00.000` });
    const replayed = async (row: LedgerRow, end: 'failed' | 'rejected'): Promise<LedgerRow> => {
      const unanswered = await won(await won(row, 'pushing', pushIntent({ leadId })), 'waiting', {
        set: { step: 'push' },
        mayArriveForMs: 0,
      });
      const ended = await won(await won(unanswered, 'pushing', pushIntent({ leadId })), end);
      return won(ended, 'received', { newFence: true, dueInMs: 0 });
    };
    const held = async (row: LedgerRow) => (await the().ledger.updateTurn(row)).held;
    const next = async (of: LedgerRow) => (await the().ledger.nextUpdateOf(of))?.id;
    const [four] = await updates(at(4));
    const failed = await replayed(four, 'failed');
    const [one, three] = await updates(at(1), at(3));
    expect(await Promise.all([failed, one, three].map(held))).toEqual([false, true, true]);
    expect([await next(one), await next(failed)]).toEqual([four.id, one.id]);
    expect(await the().ledger.updateTurn(failed)).toMatchObject({ newerWaits: false });
    await won(await won(failed, 'pushing', pushIntent({ leadId })), 'pushed');
    for (const row of [one, three]) await won(row, 'superseded');

    // A replay of what was refused begins anew: others may have gone since.
    const [five] = await updates(at(5));
    const refused = await replayed(five, 'rejected');
    const [before] = await updates({ ...at(5), orderKey: '2026-11-04T12:00:00.000' });
    expect(await Promise.all([refused, before].map(held))).toEqual([true, false]);
  });

  it("does not let a partner's updates wait for those of another one", async () => {
    const leadId = randomUUID();
    const [mine] = await updates({ leadId });
    await won(await won(mine, 'pushing', pushIntent({ leadId })), 'waiting', {
      set: { step: 'push', code: 'API_UNAVAILABLE' },
      dueInMs: 300_000,
      mayArriveForMs: 0,
    });
    const [other] = await the().rowsOf('updates', [{ leadId, identity: null }], 'brisa');
    expect(await the().ledger.updateTurn(other as LedgerRow)).toMatchObject({ held: false });
    await won(other as LedgerRow, 'pushing', pushIntent({ leadId }));
  });

  it('takes nothing for a repeat after a request of which nobody knows whether it was carried out', async () => {
    const { leadId } = await registered();
    const content = randomUUID();
    const [accepted, unsure] = await updates({ leadId, content }, { leadId, content: randomUUID() });
    await won(await won(accepted, 'pushing', pushIntent()), 'pushed');
    const [repeat] = await updates({ leadId, content });
    const tried = await won(await won(unsure, 'pushing', pushIntent()), 'waiting', {
      set: { step: 'push' },
      mayArriveForMs: 0,
    });
    await won(await won(tried, 'pushing', pushIntent()), 'rejected');
    expect(await the().ledger.updateTurn(repeat)).toMatchObject({
      held: false,
      arrivingForMs: 0,
      repeatsLatest: false,
    });
  });

  it('keeps the order of updates of a leadId that no lead has', async () => {
    const leadId = randomUUID();
    const [older, newer] = await updates({ leadId }, { leadId });
    expect(older.leadRow).toBeNull();
    expect(await the().ledger.updateTurn(older)).toMatchObject({ held: false, newerWaits: true });
    expect(await the().ledger.updateTurn(newer)).toMatchObject({ held: true, newerWaits: false });
    const pushing = await won(older, 'pushing', pushIntent({ leadId }));
    expect(await the().ledger.move(move(newer, 'pushing', pushIntent({ leadId })))).toEqual(taken);
    await won(pushing, 'pushed');
    expect(await the().ledger.nextUpdateOf(older)).toMatchObject({ id: newer.id });
    expect(await the().ledger.updateTurn(newer)).toMatchObject({ held: false, repeatsLatest: false });
    await won(await won(newer, 'pushing', pushIntent({ leadId })), 'pushed');
    const [ofAnother] = await updates({ leadId: randomUUID() });
    expect(await the().ledger.updateTurn(ofAnother)).toMatchObject({ held: false, overtaken: false });
  });

  it('wakes an update of a leadId that no lead has once the one before it has ended', async () => {
    const leadId = randomUUID();
    const [older, newer] = await updates({ leadId }, { leadId });
    await won(newer, 'waiting', { set: { step: 'push', code: 'ROW_UPDATE_HELD' }, dueInMs: 300_000 });
    await the().ledger.wakeUpdates();
    expect((await look(newer.id)).nextAt?.getTime()).toBeGreaterThan(Date.now() + 100_000);
    await won(await won(older, 'pushing', pushIntent({ leadId })), 'pushed');
    expect(await the().ledger.wakeUpdates()).toBe(1);
    expect((await look(newer.id)).nextAt?.getTime()).toBeLessThan(Date.now() + 100_000);
  });

  it('finds no lead by two ids that are of two leads', async () => {
    const [own, other] = [randomUUID(), randomUUID()];
    const [one, two] = [await registered({ partnerLeadId: own }), await registered({ partnerLeadId: other })];
    const find = (leadId: string | null, partnerLeadId: string | null) =>
      the().ledger.findLead(one.partner, { leadId, partnerLeadId });
    expect(await find(one.leadId, own)).toMatchObject({ kind: 'found', rowId: one.id });
    expect(await find(one.leadId, null)).toMatchObject({ kind: 'found', rowId: one.id });
    expect(await find(null, other)).toMatchObject({ kind: 'found', rowId: two.id });
    const ofEarly = randomUUID();
    const early = await lead({ partnerLeadId: ofEarly });
    expect(await find(null, ofEarly)).toMatchObject({ kind: 'found', rowId: early.id, leadId: null });
    expect(await find(randomUUID(), ofEarly)).toEqual({ kind: 'unknown' });
    expect(await find(one.leadId, other)).toEqual({ kind: 'ids_disagree' });
    expect(await find(randomUUID(), other)).toEqual({ kind: 'ids_disagree' });
    expect(await find(one.leadId, randomUUID())).toEqual({ kind: 'ids_disagree' });
    expect(await find(randomUUID(), randomUUID())).toEqual({ kind: 'unknown' });
    expect(await the().ledger.findLead('brisa', { leadId: one.leadId, partnerLeadId: own })).toEqual({
      kind: 'of_another_partner',
    });
  });

  it('offers what is due, after a cursor, and finds announced requests that nobody answered', async () => {
    const [one, other] = await the().rowsOf('leads', [{ partnerLeadId: randomUUID() }, {}]);
    if (one === undefined || other === undefined) throw new Error('no rows');
    const due = await the().ledger.dueRows('lead', one.partner, null, 1_000);
    const at = due.findIndex((row) => row.id === one.id);
    expect(due.slice(at).map((row) => row.id)).toEqual([one.id, other.id]);
    const [after] = await the().ledger.dueRows('lead', one.partner, due[at] ?? null, 1);
    expect(after?.id).toBe(other.id);
    await won(one, 'waiting', { set: { step: 'check' }, dueInMs: 60_000 });
    const later = await the().ledger.dueRows('lead', one.partner, null, 1_000);
    expect(later.map((row) => row.id)).not.toContain(one.id);
    const sent = await announced(other);
    expect((await the().ledger.orphans(60_000, 1_000)).map((row) => row.id)).not.toContain(sent.id);
    expect((await the().ledger.orphans(-1_000, 1_000)).map((row) => row.id)).toContain(sent.id);
  });
}
