import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerRow } from '../../../src/app/ports/row.ts';
import { aLedger, actor, hash, moveOf, register, type TestLedger } from './a-ledger.ts';

let the: TestLedger;
let rows: readonly LedgerRow[];
let lead: LedgerRow;
beforeAll(async () => {
  the = await aLedger('views');
  const file = await the.reading();
  const rejected = the.newRow(4, { state: 'rejected', code: 'ROW_FIELD_MISSING' });
  await the.ledger.insertRows(
    file,
    [the.newRow(2, { partnerLeadId: hash('CRM-1') }), the.newRow(3), rejected],
    4,
    actor,
  );
  rows = await the.rowsOf(file);
  lead = await register(the.ledger, rows[0] as LedgerRow, 'L-view');
});
afterAll(() => the.close());

const ids = (found: readonly LedgerRow[]) => found.map((row) => row.id);

describe('rows', () => {
  test('come newest first, by any filter, never more than asked for', async () => {
    expect(ids(await the.ledger.rows({ limit: 10 }))).toEqual(ids(rows).toReversed());
    expect(await the.ledger.rows({ limit: 2 })).toHaveLength(2);
    expect(ids(await the.ledger.rows({ state: 'rejected', limit: 10 }))).toEqual([rows[2]?.id]);
    expect(ids(await the.ledger.rows({ code: 'ROW_FIELD_MISSING', partner: 'acme', kind: 'lead', limit: 10 }))).toEqual(
      [rows[2]?.id],
    );
    expect(ids(await the.ledger.rows({ rowId: lead.id, limit: 10 }))).toEqual([lead.id]);
    expect(ids(await the.ledger.rows({ belowId: rows[1]?.id ?? '', limit: 10 }))).toEqual([rows[0]?.id]);
    expect(await the.ledger.rows({ until: new Date(0), limit: 10 })).toEqual([]);
    expect(await the.ledger.rows({ since: new Date(0), limit: 10 })).toHaveLength(3);
  });

  test('are found by row id, leadId, idLanding and the own id of the partner', async () => {
    await sql`update ledger_row set id_landing = 'LANDING-1' where id = ${lead.id}`.execute(the.db);
    const find = (text: string, partnerLeadIdMacs: readonly string[] = []) =>
      the.ledger.findRows({ text, partnerLeadIdMacs }).then(ids);
    expect(await find(lead.id)).toEqual([lead.id]);
    expect(await find('L-view')).toEqual([lead.id]);
    expect(await find('LANDING-1')).toEqual([lead.id]);
    expect(await find('CRM-1', [hash('CRM-1'), hash('of another partner')])).toEqual([lead.id]);
    expect(await find('99999999999999999999')).toEqual([]);
    expect(await find("'; drop table ledger_row; --")).toEqual([]);
  });
});

test('counts and files say the same as the rows', async () => {
  expect(await the.ledger.counts()).toEqual([
    { kind: 'lead', partner: 'acme', state: 'received', n: 1 },
    { kind: 'lead', partner: 'acme', state: 'registered', n: 1 },
    { kind: 'lead', partner: 'acme', state: 'rejected', n: 1 },
  ]);
  const [file] = await the.ledger.files({ partner: 'acme', state: 'reading', limit: 10 });
  expect(file?.counts).toEqual(await the.ledger.countExactly(file?.id as string));
  expect(await the.ledger.files({ partner: 'nobody', limit: 10 })).toEqual([]);
});

test('the history of a row tells every move, by whom and why', async () => {
  const row = rows[1] as LedgerRow;
  await the.ledger.move(
    moveOf(row, 'failed', {
      audit: { action: 'row.failed', actor: 'cli:ana', code: 'API_KO', reason: 'tried enough' },
    }),
  );
  expect(await the.ledger.history(row.id)).toMatchObject([
    { actor: 'cli:ana', action: 'row.failed', from: 'received', to: 'failed', code: 'API_KO', reason: 'tried enough' },
  ]);
});
