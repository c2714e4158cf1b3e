import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGapLedger } from '../../../src/adapters/ledger/gap.ts';
import { createLedger } from '../../../src/adapters/ledger/ledger.ts';
import { resolveInDoubt } from '../../../src/app/resolve-in-doubt.ts';
import { settleSpooled } from '../../../src/app/settle-spooled.ts';
import type { GapLedger, LostCreate } from '../../../src/app/ports/gap-ledger.ts';
import type { LedgerRow } from '../../../src/app/ports/row.ts';
import type { SpooledAnswer } from '../../../src/app/ports/spool.ts';
import { eventually } from '../../support/eventually.ts';
import { aLedger, actor, announce, hash, moveOf, mustRow, register, type TestLedger } from './a-ledger.ts';

const act = { actor, reason: 'restored' };
let the: TestLedger;
let gap: GapLedger;
beforeAll(async () => {
  the = await aLedger('gap');
  gap = createGapLedger(the.db);
});
afterAll(() => the.close());

async function receivedRows(count: number, identity = randomUUID()): Promise<readonly LedgerRow[]> {
  const file = await the.reading();
  const rows = Array.from({ length: count }, (_, at) =>
    the.newRow(at + 2, { identity: at === 0 ? identity : randomUUID(), content: hash('the lead') }),
  );
  await the.ledger.insertRows(file, rows, count + 1, actor);
  await the.ledger.finishReading(file.id, actor);
  return the.rowsOf(file);
}

async function receivedRow(identity = randomUUID()): Promise<LedgerRow> {
  const [row] = await receivedRows(1, identity);
  return row as LedgerRow;
}

function lost(identity: string, over: Partial<LostCreate> = {}): LostCreate {
  return {
    attemptId: randomUUID(),
    instance: 'host-1-aaaaaaaa',
    at: new Date(Date.now() - 60_000),
    partner: 'acme',
    identity,
    content: hash('the lead'),
    keyId: 1,
    payload: Buffer.from('sealed'),
    ...over,
  };
}

const doubted = (row: LedgerRow) => moveOf(row, 'in_doubt', { set: { code: 'API_NO_ANSWER', step: null } });

describe('a create that the ledger lacks', () => {
  test.each(['submitting', 'in_doubt'] as const)(
    'puts a lead that is %s by an earlier one in doubt by the last: what became of the earlier says nothing of it',
    async (state) => {
      const identity = randomUUID();
      const announced = await announce(the.ledger, await receivedRow(identity));
      if (state === 'in_doubt') await the.ledger.move(doubted(announced));
      const row = await mustRow(the.ledger, announced.id);
      const later = lost(identity);
      expect(await gap.putInDoubt([later], act)).toEqual([
        { attemptId: later.attemptId, rowId: row.id, fence: row.fence + 1, isNew: false },
      ]);
      expect(await mustRow(the.ledger, row.id)).toMatchObject({
        state: 'in_doubt',
        attemptId: later.attemptId,
        holder: later.instance,
        version: row.version + 1,
      });

      // The spool has it that the earlier one was not sent.
      const answer = {
        rowId: row.id,
        from: ['submitting', 'in_doubt'],
        fence: row.fence,
        attempt: announced.attemptId ?? '',
        to: 'waiting',
        dueInMs: 0,
        set: { step: 'create' },
        audit: { action: 'row.answer_found', actor },
      } as const;
      expect(await the.ledger.move(answer)).toEqual({ won: false, why: 'moved_on' });
      const attempts = await the.ledger.attempts(row.id);
      expect(attempts.map(({ id }) => id)).toContain(later.attemptId);
    },
  );

  test('leaves a lead that is registered as it is', async () => {
    const identity = randomUUID();
    const row = await register(the.ledger, await receivedRow(identity), randomUUID());
    expect(await gap.putInDoubt([lost(identity)], act)).toEqual([]);
    expect(await mustRow(the.ledger, row.id)).toMatchObject({ state: 'registered', version: row.version });
  });

  test('is put in doubt also when its row moves on in that very moment', async () => {
    const identity = randomUUID();
    const row = await receivedRow(identity);
    const put = await the.db.transaction().execute(async (transaction) => {
      await createLedger(transaction).move(moveOf(row, 'checked'));
      const putting = gap.putInDoubt([lost(identity)], act);
      await eventually('it waits for the row', async () => {
        const { rows } = await sql`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`.execute(the.db);
        return rows.length > 0;
      });
      return { putting };
    });
    expect(await put.putting).toHaveLength(1);
    expect(await mustRow(the.ledger, row.id)).toMatchObject({ state: 'in_doubt', code: 'LEDGER_BEHIND' });
  });
});

describe('the numbers of rows', () => {
  const note = (highestRow: string, spool = randomUUID()) =>
    gap.noteGap({ spool, host: 'host', attempts: 1, highestRow: async () => highestRow, actor });
  const nextId = async () => {
    const { rows } = await sql<{
      n: string;
    }>`select nextval(pg_get_serial_sequence('ledger_row', 'id'))::text as n`.execute(the.db);
    return Number(rows[0]?.n);
  };

  test('go on behind the highest that was sent, and never back to one that was given away', async () => {
    const spool = randomUUID();
    expect(await note('5000', spool)).toBe(true);
    expect(await nextId()).toBe(5001);
    expect(await note('9000', spool)).toBe(false);
    expect(await nextId()).toBe(5002);
    // A file that is being read has numbers that nobody else sees yet.
    expect(await note('4000')).toBe(true);
    expect(await nextId()).toBe(5003);
    await sql`delete from work_pause`.execute(the.db);
    await sql`delete from ledger_gap`.execute(the.db);
  });
});

describe('a lead without a file that the insurer does not have', () => {
  test('gives way to the row of its file, whether that has come before or comes after', async () => {
    const settings = { callDeadlineMs: 10, quietPeriodMs: 10 } as never;
    const [before, after] = [randomUUID(), randomUUID()];
    const put = await gap.putInDoubt([lost(before), lost(after)], act);
    const early = await receivedRow(before);
    expect(early.state).toBe('duplicate');
    for (const { rowId } of put) {
      const resolved = await resolveInDoubt(
        { ledger: the.ledger, settings },
        await mustRow(the.ledger, rowId),
        { kind: 'send_again' },
        act,
      );
      expect(resolved).toEqual({ kind: 'resolved', state: 'cancelled' });
    }
    while ((await the.ledger.followLeads(actor)) > 0);
    expect((await mustRow(the.ledger, early.id)).state).toBe('received');
    expect((await receivedRow(after)).state).toBe('received');
  });
});

describe('an answer that is found in the spool', () => {
  test('that refuses a repeat says nothing about the request before it, though the sweeper has been there', async () => {
    const first = await announce(the.ledger, await receivedRow());
    await the.ledger.move(
      moveOf(first, 'waiting', {
        dueInMs: 0,
        set: { step: 'create', code: 'API_NO_ANSWER' },
        end: {
          attemptId: first.attemptId ?? '',
          evidence: 'maybe_written',
          httpStatus: null,
          outcome: 'ambiguous',
          code: 'API_NO_ANSWER',
        },
      }),
    );
    const repeated = await announce(the.ledger, await mustRow(the.ledger, first.id));
    const once = await announce(the.ledger, await receivedRow());
    for (const row of [repeated, once])
      await the.ledger.move(moveOf(row, 'in_doubt', { set: { code: 'API_NO_ANSWER_ORPHAN', step: null } }));

    const answers = [repeated, once].map(({ attemptId }): SpooledAnswer => ({
      attemptId: attemptId ?? '',
      evidence: 'response_complete',
      httpStatus: 422,
      outcome: 'refused',
      code: 'API_REFUSED',
      idLanding: null,
    }));
    expect(await settle(answers, repeated.holder ?? '')).toBe(1);
    expect((await mustRow(the.ledger, repeated.id)).state).toBe('in_doubt');
    expect((await mustRow(the.ledger, once.id)).state).toBe('rejected');
  });

  test('with an idLanding that PostgreSQL refuses registers its lead all the same', async () => {
    const row = await announce(the.ledger, await receivedRow());
    const evidence = 'response_complete' as const;
    const leadId = randomUUID();
    const answer = {
      attemptId: row.attemptId ?? '',
      evidence,
      httpStatus: 200,
      outcome: 'answered',
      code: null,
      leadId,
    };
    expect(await settle([{ ...answer, idLanding: 'L\u00001' }], row.holder ?? '')).toBe(1);
    expect(await mustRow(the.ledger, row.id)).toMatchObject({ state: 'registered', leadId, idLanding: 'L1' });
  });

  test('ends an update that the sweeper has taken back meanwhile: it is not sent again', async () => {
    const swept = await takenBack();
    expect(await settle([answered(swept)], swept.holder ?? '')).toBe(1);
    expect(await mustRow(the.ledger, swept.id)).toMatchObject({ state: 'pushed', code: null });
  });

  test('leaves an update that has been sent again to the answer of that', async () => {
    const swept = await takenBack();
    const begin = { attemptId: randomUUID(), step: 'push', instance: 'worker-2' } as const;
    await the.ledger.move(moveOf(swept, 'pushing', { newFence: true, set: { holder: 'worker-2' }, begin }));
    expect(await settle([answered(swept)], swept.holder ?? '')).toBe(0);
    expect((await mustRow(the.ledger, swept.id)).state).toBe('pushing');
  });
});

/** An update that was announced by a worker that has ended, and is due again. */
async function takenBack(): Promise<LedgerRow> {
  const lead = await register(the.ledger, await receivedRow(), randomUUID());
  const file = await the.reading('updates');
  await the.ledger.insertRows(file, [the.newRow(2, { leadId: lead.leadId })], 2, actor);
  await the.ledger.finishReading(file.id, actor);
  const update = await the.rowOf(file, 2);
  const begin = { attemptId: randomUUID(), step: 'push', instance: 'worker-1' } as const;
  const set = { holder: 'worker-1', leadRow: lead.id };
  await the.ledger.move(moveOf(update, 'pushing', { newFence: true, set, begin }));
  const orphaned = { dueInMs: 0, set: { step: 'push', code: 'API_UNAVAILABLE' } } as const;
  await the.ledger.move(moveOf(await mustRow(the.ledger, update.id), 'waiting', orphaned));
  return mustRow(the.ledger, update.id);
}

const answered = (row: LedgerRow): SpooledAnswer => ({
  attemptId: row.attemptId ?? '',
  evidence: 'response_complete',
  httpStatus: 200,
  outcome: 'answered',
  code: null,
  leadId: 'L-1',
  idLanding: null,
});

/** As the next process of the host does. */
function settle(answers: readonly SpooledAnswer[], holder: string): Promise<number> {
  const spool = { otherInstances: async () => [holder], answersOf: async () => answers };
  const log = { event: () => undefined };
  return settleSpooled({ instance: 'next', ledger: the.ledger, log, gap, hasEnded: () => true, spool }, new Set());
}
