import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowMove } from '../../src/app/ports/row-moves.ts';
import type { RowState } from '../../src/app/ports/row.ts';
import { canLeadRowMove, leadRowStates } from '../../src/domain/lead-row.ts';
import { canStatusUpdateMove, statusUpdateStates } from '../../src/domain/status-update.ts';
import { aLedger, moveOf, mustRow, type TestLedger } from '../adapters/ledger/a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('state machines');
});
afterAll(() => the.close());

const machines = [
  {
    kind: 'lead' as const,
    states: leadRowStates as readonly RowState[],
    isLegal: canLeadRowMove as (from: RowState, to: RowState) => boolean,
  },
  {
    kind: 'update' as const,
    states: statusUpdateStates as readonly RowState[],
    isLegal: canStatusUpdateMove as (from: RowState, to: RowState) => boolean,
  },
];

/** Rows of one kind, put into a state from outside: the trigger looks at changes, and not at what is inserted. */
async function rowsIn(kind: 'lead' | 'update', state: RowState, count: number): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    insert into ledger_row (kind, partner, state, step, key_id, payload, identity, lead_id, holder, attempt_id, fence, version)
    select ${kind}, 'acme', ${state}, 'create', (select min(id) from wrapped_key), '', gen_random_uuid(),
      case when ${kind} = 'lead' then gen_random_uuid()::text end, 'worker-1', gen_random_uuid(), 3, 7
    from generate_series(1, ${count}::int) returning id::text as id`.execute(the.db);
  return rows.map((row) => row.id);
}

/** A move with everything that any state asks for, so that nothing but the machine can refuse it. */
async function moveTo(id: string, to: RowState, over: Partial<RowMove> = {}): Promise<RowMove> {
  const row = await mustRow(the.ledger, id);
  return { ...moveOf(row, to, { newFence: true, set: { step: 'create' } }), ...over };
}

describe.each(machines)('the state machine of a $kind', ({ kind, states, isLegal }) => {
  it.each(states)('lets a row go from %s where its table says, and nowhere else', async (from) => {
    const ids = await rowsIn(kind, from, states.length);
    const ends = await Promise.all(
      states.map(async (to, index) => {
        const move = await moveTo(ids[index] as string, to);
        return the.ledger.move(move).then(
          (result) => (result.won ? 'won' : result.why),
          (error: unknown) =>
            error instanceof Error && /illegal move/.test(error.message) ? 'refused' : String(error),
        );
      }),
    );
    // A state that is written over itself is no move: the trigger does not see it, and no use case asks for it.
    expect(Object.fromEntries(states.map((to, index) => [to, ends[index]]))).toEqual(
      Object.fromEntries(states.map((to) => [to, to === from || isLegal(from, to) ? 'won' : 'refused'])),
    );
    for (const [index, to] of states.entries()) {
      const row = await mustRow(the.ledger, ids[index] as string);
      const moved = ends[index] === 'won';
      expect(row).toMatchObject({ state: moved ? to : from, version: moved ? 8 : 7, fence: moved ? 4 : 3 });
      expect(await the.ledger.history(row.id)).toHaveLength(moved ? 1 : 0);
    }
  });

  it.each(states)('loses each legal move out of %s under another fence, version, attempt or state', async (from) => {
    const legal = states.filter((to) => isLegal(from, to));
    const [id] = await rowsIn(kind, from, 1);
    const wrongs: readonly Partial<RowMove>[] = [
      { fence: 2 },
      { fence: 4 },
      { version: 6 },
      { version: 8 },
      { attempt: randomUUID() },
      { from: states.filter((state) => state !== from) },
    ];
    for (const to of legal) {
      for (const wrong of wrongs) {
        expect(await the.ledger.move(await moveTo(id as string, to, wrong))).toEqual({ won: false, why: 'moved_on' });
      }
    }
    expect(await mustRow(the.ledger, id as string)).toMatchObject({ state: from, version: 7, fence: 3 });
    expect(await the.ledger.history(id as string)).toEqual([]);
  });

  it('knows no other states', async () => {
    const others =
      kind === 'lead' ? ['pushing', 'pushed', 'superseded', 'sent'] : ['checked', 'submitting', 'registered', 'sent'];
    for (const state of others) await expect(rowsIn(kind, state as RowState, 1)).rejects.toThrow(/check constraint/);
  });
});

describe('the table of rows', () => {
  const refused = { code: '23514' };

  it('has no registered lead without its leadId, whoever writes', async () => {
    const [id] = await rowsIn('lead', 'submitting', 1);
    await sql`update ledger_row set lead_id = null where id = ${id}`.execute(the.db);
    await expect(the.ledger.move(await moveTo(id as string, 'registered'))).rejects.toMatchObject(refused);
  });

  it('has no announced request without its attempt and its holder', async () => {
    const [id] = await rowsIn('lead', 'checked', 1);
    await sql`update ledger_row set holder = null where id = ${id}`.execute(the.db);
    await expect(the.ledger.move(await moveTo(id as string, 'submitting'))).rejects.toMatchObject(refused);
  });

  it('has no waiting row that does not say what for', async () => {
    const [id] = await rowsIn('lead', 'received', 1);
    await expect(the.ledger.move(await moveTo(id as string, 'waiting', { set: { step: null } }))).rejects.toMatchObject(
      refused,
    );
  });
});
