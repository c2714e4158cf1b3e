import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAnnounced } from '../../src/adapters/ledger/announced.ts';
import { createGapLedger } from '../../src/adapters/ledger/gap.ts';
import { createRollCall } from '../../src/adapters/ledger/roll-call.ts';
import { openSpool } from '../../src/adapters/spool/spool-folder.ts';
import { lookForGap } from '../../src/app/look-for-gap.ts';
import { defaultAccount } from '../../src/domain/account.ts';
import { aLedger, actor, announce, type TestLedger } from '../adapters/ledger/a-ledger.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';

let the: TestLedger;
let scratch: ScratchFolder;
beforeAll(async () => {
  the = await aLedger('look for gap');
  scratch = await scratchFolder();
});
afterAll(async () => {
  await the.close();
  await scratch.remove();
});

it('remembers the newest create of a host that the ledger knows, and none of a ledger that is behind', async () => {
  const file = await the.reading();
  const rows = [2, 3].map((number) => the.newRow(number, { identity: randomUUID() }));
  await the.ledger.insertRows(file, rows, 3, actor);
  await the.ledger.finishReading(file.id, actor);
  const ledger = randomUUID();
  const spoolOf = (instance: string) => openSpool(join(scratch.path, 'spool'), { ledger, instance });
  const before = spoolOf('host-1-aaaaaaaa');
  const attempts: string[] = [];
  for (const row of await the.rowsOf(file)) {
    const { attemptId } = await announce(the.ledger, row);
    attempts.push(attemptId ?? '');
    const { id: rowId, partner } = row;
    const identity = randomUUID();
    before.noteRequest({
      attemptId: attemptId ?? '',
      rowId,
      fence: 1,
      step: 'create',
      partner,
      identity,
      content: null,
    });
  }
  const announced = createAnnounced();
  const spool = spoolOf('host-2-bbbbbbbb');
  const gap = createGapLedger(the.db);
  const rollCall = createRollCall(the.db, 'host-2-bbbbbbbb');
  const ports = { announced, gap, rollCall, spool, instance: 'host-2-bbbbbbbb', log: { event: () => undefined } };
  expect(await lookForGap(ports, 'host')).toBe(false);
  expect(announced.last()).toBe(attempts.at(-1));
  expect(announced.spool()).toBe(spool.id);
  expect(await rollCall.isAnswered()).toBe(true);

  await sql`delete from attempt where id = ${attempts.at(-1)}`.execute(the.owner);
  await sql`vacuum full attempt`.execute(the.owner);
  expect(await rollCall.isAnswered()).toBe(false);
  const another = createAnnounced();
  expect(await lookForGap({ ...ports, announced: another }, 'host')).toBe(true);
  expect(another.last()).toBeNull();
  // It has looked, and everything is paused by now.
  expect(await rollCall.isAnswered()).toBe(true);
  expect((await the.ledger.stops(defaultAccount)).pauses).toMatchObject([{ partner: null }]);
  before.close();
  spool.close();
});
