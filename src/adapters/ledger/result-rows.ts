import { sql } from 'kysely';
import type { ResultRow } from '../../app/ports/ledger.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { rowColumns } from './read-row.ts';
import { rowsById } from './rows-by-id.ts';

const pageRows = 500;

/**
 * The rows of a file as its result tells of them, page by page: a million at the memory of a page. In a transaction they
 * are of one snapshot. Of a record that is two rows (mixed files) the lead comes first.
 */
export async function* resultRows(db: LedgerDatabase, fileId: string): AsyncGenerator<ResultRow> {
  for (let after = { rowNumber: 0, kind: '' }; ;) {
    const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r
      where r.file_id = ${fileId} and (r.row_number, r.kind) > (${after.rowNumber}::int, ${after.kind}::text)
      order by r.row_number, r.kind limit ${pageRows}`.execute(db);
    const originals = await rowsById(
      db,
      rows.flatMap((row) => row.duplicateOf ?? []),
    );
    for (const row of rows) {
      yield { row, original: row.duplicateOf === null ? null : (originals.get(row.duplicateOf) ?? null) };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    after = { rowNumber: last.rowNumber ?? 0, kind: last.kind };
  }
}
