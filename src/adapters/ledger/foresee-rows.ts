import { sql } from 'kysely';
import type { ForeseenRow, HeldFiles } from '../../app/ports/held-files.ts';
import type { NewRow } from '../../app/ports/ledger.ts';
import type { LedgerRow, RowState } from '../../app/ports/row.ts';
import { judgeAgainst, recheckNotManagedMs } from '../../domain/earlier-row.ts';
import { unsentRowStates } from '../../domain/lead-row.ts';
import type { LedgerDatabase } from './database.ts';
import { lookAtEarlierRows, type FoundRow } from './earlier-rows.ts';
import { rowColumns } from './read-row.ts';
import { rowsById } from './rows-by-id.ts';

type Foresight = Pick<HeldFiles, 'foresee' | 'outcomes' | 'leadsOf'>;

/** What would become of rows that nobody writes, and what has become of rows. Reads only. */
export function createForesight(db: LedgerDatabase): Foresight {
  return {
    async foresee(
      { partner, configVersion },
      rows,
      { recheckNotManagedMs: recheckMs = recheckNotManagedMs, insteadOf } = {},
    ) {
      const identities = [...new Set(rows.flatMap((row) => row.identity ?? []))];
      const earlier = await lookAtEarlierRows(db, partner, identities, configVersion);
      const judged = rows.map((row) => ({ row, ...judge(row, earlier, recheckMs, insteadOf ?? null) }));
      const originals = await rowsById(
        db,
        judged.flatMap(({ of }) => of ?? []),
      );
      return judged.map(({ row, becomes, code, of }) => ({
        rowNumber: row.rowNumber,
        becomes,
        code,
        original: of === null ? null : (originals.get(of) ?? null),
      }));
    },

    async outcomes(fileId, fromRow, toRow) {
      const { rows } = await sql<{ rowNumber: number; state: RowState }>`
        select row_number as "rowNumber", state from ledger_row
        where file_id = ${fileId} and row_number between ${fromRow} and ${toRow}`.execute(db);
      return new Map(rows.map(({ rowNumber, state }) => [rowNumber, state]));
    },

    async leadsOf(fileId, after, limit) {
      const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r
        where r.file_id = ${fileId} and r.row_number > ${after} and r.kind = 'lead'
          and r.state in ('submitting', 'registered', 'registered_without_id', 'in_doubt', 'abandoned')
        order by r.row_number limit ${limit}`.execute(db);
      return rows;
    },
  };
}

interface Judged extends Pick<ForeseenRow, 'becomes' | 'code'> {
  readonly of: string | null;
}

function judge(
  row: NewRow,
  earlier: ReadonlyMap<string, FoundRow>,
  recheckMs: number,
  insteadOf: string | null,
): Judged {
  if (row.state === 'rejected') return { becomes: 'rejected', code: row.code, of: null };
  const found = row.identity === null ? undefined : earlier.get(row.identity);
  if (found === undefined || isGivenUp(found, insteadOf)) return { becomes: 'work', code: null, of: null };
  const judgement = judgeAgainst({ ...found, sameContent: found.content === row.content }, recheckMs);
  if (judgement.kind === 'work') return { becomes: 'work', code: null, of: null };
  const code = judgement.kind === 'held' ? 'ROW_LEAD_CHANGE_HELD' : judgement.code;
  return { becomes: 'duplicate', code, of: found.id };
}

/** An unsent row of the file that is read again gives way to its new reading. */
function isGivenUp({ fileId, state }: FoundRow, insteadOf: string | null): boolean {
  return fileId !== null && fileId === insteadOf && unsentRowStates.some((unsent) => unsent === state);
}
