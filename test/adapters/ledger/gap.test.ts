import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGapLedger } from '../../../src/adapters/ledger/gap.ts';
import type { LostCreate } from '../../../src/app/ports/gap-ledger.ts';
import type { LedgerRow } from '../../../src/app/ports/row.ts';
import { aLedger, actor, announce, moveOf, mustRow, partner, register, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
beforeAll(async () => {
  the = await aLedger('gap');
});
afterAll(() => the.close());

const act = { actor, reason: 'the backup of last night' };

async function receivedRow(): Promise<LedgerRow> {
  const file = await the.reading();
  await the.ledger.insertRows(file, [the.newRow(2)], 2, actor);
  return the.rowOf(file, 2);
}

/** A create of the row's lead that was sent after the backup. */
function lostCreateOf(row: LedgerRow): LostCreate {
  return {
    attemptId: randomUUID(),
    instance: 'worker-2',
    at: new Date(),
    partner,
    identity: row.identity ?? '',
    content: row.content,
    keyId: row.keyId,
    payload: row.payload,
  };
}

describe('a lead of which the ledger lacks the last create', () => {
  test.each(['submitting', 'in_doubt'] as const)(
    'that is %s by an earlier one is in doubt by the last: what became of the earlier says nothing of it',
    async (state) => {
      const announced = await announce(the.ledger, await receivedRow());
      if (state === 'in_doubt') await the.ledger.move(moveOf(announced, 'in_doubt'));
      const row = await mustRow(the.ledger, announced.id);
      const lost = lostCreateOf(row);

      const put = await createGapLedger(the.db).putInDoubt([lost], act);
      expect(put).toEqual([{ attemptId: lost.attemptId, rowId: row.id, fence: row.fence + 1, isNew: false }]);
      expect(await mustRow(the.ledger, row.id)).toMatchObject({
        state: 'in_doubt',
        attemptId: lost.attemptId,
        holder: lost.instance,
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
      expect(attempts.map(({ id }) => id)).toContain(lost.attemptId);
    },
  );

  test('that is registered stays as it is', async () => {
    const row = await register(the.ledger, await receivedRow(), randomUUID());
    expect(await createGapLedger(the.db).putInDoubt([lostCreateOf(row)], act)).toEqual([]);
    expect(await mustRow(the.ledger, row.id)).toMatchObject({ state: 'registered', version: row.version });
  });
});
