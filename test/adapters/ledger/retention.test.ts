import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readBlocked } from '../../../src/adapters/ledger/blocked-payloads.ts';
import { createRetentionLedger } from '../../../src/adapters/ledger/retention.ts';
import type { LedgerFile } from '../../../src/app/ports/ledger.ts';
import { usualRetentionRules } from '../../../src/domain/retention.ts';
import { aLedger, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let file: LedgerFile;
let rowId: string;

beforeEach(async () => {
  the = await aLedger('retention rights');
  file = await the.reading();
  await the.ledger.insertRows(file, [the.newRow(2)], 2, 'worker');
  rowId = (await the.rowsOf(file))[0]?.id ?? '';
  await sql`update ledger_row set state = 'cancelled', next_at = null,
    updated_at = updated_at - interval '900 days'`.execute(the.owner);
  await sql`update file set arrived_at = arrived_at - interval '900 days', state = 'settled',
    settled_at = arrived_at - interval '900 days'`.execute(the.owner);
  await sql`update wrapped_key set month = '2020-01'`.execute(the.owner);
});
afterEach(() => the.close());

it('needs no more than the rights of the service, which can put values among the blocked ones and never read them', async () => {
  const retention = createRetentionLedger(the.db);
  const rules = { ...usualRetentionRules, blockMs: 3_600_000 };
  expect(await retention.retireRows(file.partner, rules, 'worker')).toMatchObject({ rows: 1 });
  for (const column of ['payload', 'message', '*']) {
    await expect(sql`select ${sql.raw(column)} from blocked_payload`.execute(the.db)).rejects.toThrow(
      'permission denied',
    );
  }
  await expect(sql`update blocked_payload set destroy_at = 'infinity'`.execute(the.db)).rejects.toThrow(
    'permission denied',
  );
  await expect(readBlocked(the.db, rowId, { actor: 'x', reason: 'x' })).rejects.toThrow('permission denied');

  const act = { actor: 'cli:dpo', reason: 'court order 7/2026' };
  const opened = await readBlocked(the.owner, rowId, act);
  expect(Buffer.from(opened?.payload ?? '').toString()).toBe('sealed 2');
  expect(await readBlocked(the.owner, '999', act)).toBeNull();
  const { rows } = await sql`select actor, action, reason, row_id::text as "rowId" from audit_event
    where action = 'row.blocked_read'`.execute(the.db);
  expect(rows).toEqual([{ ...act, action: 'row.blocked_read', rowId }]);

  expect(await retention.destroyKeys(file.partner, rules, 'worker')).toEqual([]);
  await sql`update blocked_payload set destroy_at = clock_timestamp()`.execute(the.owner);
  expect(await retention.destroyBlocked('worker')).toBe(1);
  expect(await retention.keysPast(file.partner, rules)).toEqual([{ partner: file.partner, month: '2020-01' }]);
  expect(await retention.destroyKeys(file.partner, rules, 'worker')).toHaveLength(1);
  expect(await readBlocked(the.owner, rowId, act)).toBeNull();
});
