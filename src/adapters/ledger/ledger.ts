import type { Ledger } from '../../app/ports/ledger.ts';
import { createAccountLedger } from './accounts.ts';
import type { Announced } from './announced.ts';
import { createCancelRows } from './cancel-rows.ts';
import type { LedgerDatabase } from './database.ts';
import { createFileProfiles } from './file-profiles.ts';
import { createFileLedger } from './files.ts';
import { createForesight } from './foresee-rows.ts';
import { createHolding } from './held-files.ts';
import { createInsertRows } from './insert-rows.ts';
import { createInstanceLedger } from './instances.ts';
import { createRowMoves } from './row-moves.ts';
import { createSettleLedger } from './settle.ts';
import { createUpdateLedger } from './updates.ts';
import { createLedgerViews } from './views.ts';
import { createWorkLedger } from './work.ts';

/**
 * The ledger on PostgreSQL. The schema must be there: `migrateLedger`. What every row needs goes to `planned`, which
 * defaults to `db`: within a transaction all is one connection.
 */
export function createLedger(db: LedgerDatabase, planned: LedgerDatabase = db, announced?: Announced): Ledger {
  return {
    ...createRowMoves(planned, announced),
    ...createFileLedger(db),
    insertRows: createInsertRows(db),
    ...createHolding(db),
    cancelRows: createCancelRows(db),
    ...createFileProfiles(db),
    ...createForesight(db),
    ...createSettleLedger(db),
    ...createWorkLedger(db, planned),
    ...createUpdateLedger(db, planned),
    ...createInstanceLedger(db),
    ...createAccountLedger(db),
    ...createLedgerViews(db),
  };
}
