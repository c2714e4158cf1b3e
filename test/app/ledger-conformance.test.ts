import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import type { NewRow } from '../../src/app/ports/ledger.ts';
import type { LedgerRow } from '../../src/app/ports/row.ts';
import { aLedger, type TestLedger } from '../adapters/ledger/a-ledger.ts';
import { createMemoryLedger } from '../support/in-memory/ledger.ts';
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
    async rowsOf(kind, rows) {
      const file = await the.reading(kind);
      await the.ledger.insertRows(file, numbered(rows), rows.length + 1, 'test');
      await the.ledger.finishReading(file.id, 'test');
      await the.ledger.letRowsGo();
      return the.rowsOf(file);
    },
  }));
});

describe('the ledger in memory', () => {
  const ledger = createMemoryLedger();
  const the: LedgerUnderTest = {
    ledger,
    async rowsOf(kind, rows) {
      const id = ledger.files.addFile({ partner: 'acme', kind, configVersion: 'v1' });
      ledger.files.startReading(id);
      await ledger.insertRows(id, numbered(rows), rows.length + 1, 'test');
      ledger.files.finishReading(id);
      return (await ledger.rows({ fileId: id, limit: 1_000 })).toSorted(byNumber);
    },
  };

  itConforms(() => the);
});
