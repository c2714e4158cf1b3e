import type { Ledger } from '../../app/ports/ledger.ts';
import type { LedgerDatabase } from './database.ts';
import { createFileLedger } from './files.ts';
import { createHaltLedger } from './halts.ts';
import { createInsertRows } from './insert-rows.ts';
import { createInstanceLedger } from './instances.ts';
import { createRowMoves } from './row-moves.ts';
import { createSettleLedger } from './settle.ts';
import { createUpdateLedger } from './updates.ts';
import { createLedgerViews } from './views.ts';
import { createWorkLedger } from './work.ts';

/** The ledger on PostgreSQL. The schema must be there: `migrateLedger`. */
export function createLedger(db: LedgerDatabase): Ledger {
  return {
    ...createRowMoves(db),
    ...createFileLedger(db),
    insertRows: createInsertRows(db),
    ...createSettleLedger(db),
    ...createWorkLedger(db),
    ...createUpdateLedger(db),
    ...createInstanceLedger(db),
    ...createHaltLedger(db),
    ...createLedgerViews(db),
  };
}
