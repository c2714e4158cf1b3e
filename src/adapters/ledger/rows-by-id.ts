import { sql } from 'kysely';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { rowColumns } from './read-row.ts';

/** Rows by their ids; those that are gone are missing. */
export async function rowsById(db: LedgerDatabase, ids: readonly string[]): Promise<ReadonlyMap<string, LedgerRow>> {
  if (ids.length === 0) return new Map();
  const { rows } =
    await sql<LedgerRow>`select ${rowColumns} from ledger_row r where r.id = any (${ids}::bigint[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}
