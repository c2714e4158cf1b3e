import type { AccountLedger } from '../../../src/app/ports/account-ledger.ts';
import type { UpdateLedger, WorkLedger } from '../../../src/app/ports/ledger.ts';
import type { RowMoves } from '../../../src/app/ports/row-moves.ts';
import { createMemoryAccountLedger } from './accounts.ts';
import { createMemoryFiles, type MemoryFiles } from './files.ts';
import { createMemoryInsertRows, type InsertRows } from './insert-rows.ts';
import { createMemoryInstanceLedger, type MemoryInstances } from './instances.ts';
import { createMemoryRowMoves } from './row-moves.ts';
import type { LedgerSafeguard } from './safeguards.ts';
import { createMemorySettling, type MemorySettling } from './settle.ts';
import { emptyTables, type Tables } from './tables.ts';
import { createMemoryUpdateLedger } from './updates.ts';
import { createMemoryViews, type MemoryViews } from './views.ts';
import { createMemoryWorkLedger } from './work.ts';

/** The ledger as far as rows need it. Files are reduced to what their rows depend on. */
export interface MemoryLedger
  extends RowMoves, WorkLedger, UpdateLedger, MemoryInstances, AccountLedger, MemoryViews, MemorySettling {
  readonly files: MemoryFiles;
  readonly insertRows: InsertRows;
  /** For checkers. */
  readonly tables: Tables;
}

/**
 * The ledger on maps: what the one on PostgreSQL promises about rows, without a disk (test/app/ledger-conformance.ts holds
 * both to it). Every method takes effect in the tick in which it is called. `without` leaves safeguards out, for the tests
 * of the tests.
 */
export function createMemoryLedger(
  now: () => number = Date.now,
  without: ReadonlySet<LedgerSafeguard> = new Set(),
): MemoryLedger {
  const tables = emptyTables(now);
  return {
    ...createMemoryRowMoves(tables, without),
    ...createMemoryWorkLedger(tables),
    ...createMemoryUpdateLedger(tables, without),
    ...createMemoryInstanceLedger(tables),
    ...createMemoryAccountLedger(tables),
    ...createMemoryViews(tables),
    ...createMemorySettling(tables),
    files: createMemoryFiles(tables),
    insertRows: createMemoryInsertRows(tables, without),
    tables,
  };
}
