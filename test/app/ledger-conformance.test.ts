import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewRow } from '../../src/app/ports/ledger.ts';
import type { LedgerRow } from '../../src/app/ports/row.ts';
import { aLedger, moveOf, mustRow, push, register, type TestLedger } from '../adapters/ledger/a-ledger.ts';
import { createMemoryLedger } from '../support/in-memory/ledger.ts';
import { accountsConform } from './account-conformance.ts';
import { itConforms, type LedgerUnderTest } from './ledger-conformance.ts';

const blank = {
  state: 'received' as const,
  code: null,
  problems: [],
  warnings: [],
  keyId: 1,
  payload: new Uint8Array([1]),
  partnerLeadId: null,
  orderKey: null,
  leadId: null,
  isFinal: false,
};

function numbered(rows: readonly Partial<NewRow>[]): readonly NewRow[] {
  return rows.map((row, index) => ({
    ...blank,
    identity: randomUUID(),
    content: randomUUID(),
    rowNumber: index + 2,
    ...row,
  }));
}

const byNumber = (one: LedgerRow, other: LedgerRow): number => (one.rowNumber ?? 0) - (other.rowNumber ?? 0);

describe('the ledger on PostgreSQL', () => {
  let the: TestLedger;
  beforeAll(async () => {
    the = await aLedger('ledger conformance');
  });
  afterAll(() => the.close());

  itConforms(() => ({
    ledger: the.ledger,
    async rowsOf(kind, rows, partner = 'acme') {
      const file = await the.reading(kind, { partner });
      await the.ledger.insertRows(file, numbered(rows), rows.length + 1, 'test');
      await the.ledger.finishReading(file.id, 'test');
      return the.rowsOf(file);
    },
  }));
});

describe('what stops calls, on PostgreSQL', () => {
  let the: TestLedger;
  let lead: LedgerRow;
  beforeAll(async () => {
    the = await aLedger('accounts conformance');
    const file = await the.reading();
    await the.ledger.insertRows(file, numbered([{}]), 2, 'test');
    lead = await register(the.ledger, await the.rowOf(file, 2), randomUUID());
  });
  afterAll(() => the.close());

  async function one(kind: 'leads' | 'updates', row: Partial<NewRow>): Promise<LedgerRow> {
    const file = await the.reading(kind);
    await the.ledger.insertRows(file, numbered([row]), 2, 'test');
    await the.ledger.finishReading(file.id, 'test');
    return the.rowOf(file, 2);
  }
  accountsConform(() => ({
    ledger: the.ledger,
    lead: () => one('leads', {}),
    update: () => one('updates', { leadId: lead.leadId }),
    audited: async () => {
      const { rows } = await sql<{
        says: string;
      }>`select action || ' by ' || actor || ': ' || coalesce(reason, '') as says
        from audit_event where row_id is null and file_id is null order by seq`.execute(the.db);
      return rows.map(({ says }) => says);
    },
  }));
});

describe('what stops calls, in memory', () => {
  const ledger = createMemoryLedger();
  async function one(kind: 'leads' | 'updates'): Promise<LedgerRow> {
    const id = ledger.files.addFile({ partner: 'acme', kind, configVersion: 'v1' });
    ledger.files.startReading(id);
    await ledger.insertRows(id, numbered([kind === 'leads' ? {} : { identity: null, leadId: 'L-1' }]), 2, 'test');
    ledger.files.finishReading(id);
    const [row] = await ledger.rows({ fileId: id, limit: 1 });
    return row as LedgerRow;
  }
  accountsConform(() => ({
    ledger,
    lead: () => one('leads'),
    update: () => one('updates'),
    audited: async () =>
      ledger.tables.audit
        .filter(({ rowId, fileId }) => rowId === null && fileId === null)
        .map(({ action, actor, reason }) => `${action} by ${actor}: ${reason ?? ''}`),
  }));
});

describe('a replayed update', () => {
  let the: TestLedger;
  beforeAll(async () => {
    the = await aLedger('replayed update');
  });
  afterAll(() => the.close());

  it('is overtaken by a newer one that was accepted meanwhile, with or without a date', async () => {
    const leads = await the.reading();
    await the.ledger.insertRows(leads, numbered([{}]), 2, 'test');
    const lead = await register(the.ledger, await the.rowOf(leads, 2), randomUUID());
    const updates = await the.reading('updates');
    const { leadId } = lead;
    await the.ledger.insertRows(updates, numbered([{ leadId }, { leadId }]), 3, 'test');
    await the.ledger.finishReading(updates.id, 'test');
    const [older, newer] = [await the.rowOf(updates, 2), await the.rowOf(updates, 3)];
    await the.ledger.move(moveOf(older, 'rejected'));
    await push(the.ledger, newer, lead.id);
    await the.ledger.move(moveOf(await mustRow(the.ledger, older.id), 'received', { newFence: true }));
    const replayed = await mustRow(the.ledger, older.id);
    expect(replayed.state).toBe('received');
    expect(await the.ledger.updateTurn(replayed)).toMatchObject({ overtaken: true });
  });
});

describe('the ledger in memory', () => {
  const ledger = createMemoryLedger();
  const the: LedgerUnderTest = {
    ledger,
    async rowsOf(kind, rows, partner = 'acme') {
      const id = ledger.files.addFile({ partner, kind, configVersion: 'v1' });
      ledger.files.startReading(id);
      await ledger.insertRows(id, numbered(rows), rows.length + 1, 'test');
      ledger.files.finishReading(id);
      return (await ledger.rows({ fileId: id, limit: 1_000 })).toSorted(byNumber);
    },
  };

  itConforms(() => the);
});
