import { sql } from 'kysely';
import type { ForeseenRow, HeldFiles, RowOutcome } from '../../app/ports/held-files.ts';
import type { NewRow } from '../../app/ports/ledger.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import { judgeAgainst, recheckNotManagedMs } from '../../domain/earlier-row.ts';
import { unsentRowStates } from '../../domain/lead-row.ts';
import { lifeOfLead } from '../../domain/life-of-lead.ts';
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
      const isGivenUp = (found: FoundRow): boolean => givesWay(found, insteadOf ?? null);
      const leads = rows.map((row) => ({ row, ...judge(row, earlier, recheckMs, isGivenUp) }));
      const judged = await judgeUpdates(db, leads, (identity) => {
        const found = earlier.get(identity);
        return found === undefined || isGivenUp(found) ? null : found;
      });
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
      const { rows } = await sql<RowOutcome>`
        select kind, row_number as "rowNumber", state from ledger_row
        where file_id = ${fileId} and row_number between ${fromRow} and ${toRow}`.execute(db);
      return rows;
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

type JudgedRow = Judged & { readonly row: NewRow };

/**
 * Updates of mixed files, by what becomes of their record's lead: no lead, no update; and what the lead's latest accepted
 * one has said already is a repeat.
 */
async function judgeUpdates(
  db: LedgerDatabase,
  rows: readonly JudgedRow[],
  leadOf: (identity: string) => FoundRow | null,
): Promise<readonly JudgedRow[]> {
  const isOfRecord = ({ row, becomes }: JudgedRow): boolean =>
    row.kind === 'update' && row.identity !== null && becomes === 'work';
  const updates = rows.filter(isOfRecord).map(({ row }) => row);
  if (updates.length === 0) return rows;
  const isWork = new Set(
    rows.flatMap(({ row, becomes }) => (row.kind === 'lead' && becomes === 'work' ? row.rowNumber : [])),
  );
  const latest = await latestAccepted(db, [
    ...new Set(updates.flatMap(({ identity }) => leadOf(identity ?? '')?.id ?? [])),
  ]);
  return rows.map((one) => {
    const { row } = one;
    if (!isOfRecord(one) || isWork.has(row.rowNumber)) return one;
    const lead = leadOf(row.identity ?? '');
    if (lead === null || lifeOfLead(lead.state) === 'never')
      return { row, becomes: 'rejected', code: 'ROW_LEAD_NOT_CREATED', of: null };
    const repeats = row.content !== null && latest.get(lead.id) === row.content;
    return repeats ? { row, becomes: 'duplicate', code: 'ROW_UPDATE_REPEATED', of: null } : one;
  });
}

/** What the latest accepted update of each lead has set, as hashes. */
async function latestAccepted(db: LedgerDatabase, leadRows: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (leadRows.length === 0) return new Map();
  const { rows } = await sql<{ leadRow: string; content: string }>`
    select distinct on (lead_row) lead_row::text as "leadRow", content from ledger_row
    where kind = 'update' and lead_row = any (${leadRows}::bigint[]) and state = 'pushed'
    order by lead_row, intent_at desc nulls last, id desc`.execute(db);
  return new Map(rows.map(({ leadRow, content }) => [leadRow, content]));
}

const work = { becomes: 'work', code: null, of: null } as const;

interface Judged extends Pick<ForeseenRow, 'becomes' | 'code'> {
  readonly of: string | null;
}

function judge(
  row: NewRow,
  earlier: ReadonlyMap<string, FoundRow>,
  recheckMs: number,
  isGivenUp: (found: FoundRow) => boolean,
): Judged {
  if (row.state === 'rejected') return { becomes: 'rejected', code: row.code, of: null };
  const found = row.identity === null || row.kind === 'update' ? undefined : earlier.get(row.identity);
  if (found === undefined || isGivenUp(found)) return work;
  const judgement = judgeAgainst({ ...found, sameContent: found.content === row.content }, recheckMs);
  if (judgement.kind === 'work') return work;
  const code = judgement.kind === 'held' ? 'ROW_LEAD_CHANGE_HELD' : judgement.code;
  return { becomes: 'duplicate', code, of: found.id };
}

/** An unsent row of the file that is read again gives way to its new reading. */
function givesWay({ fileId, state }: FoundRow, insteadOf: string | null): boolean {
  return fileId !== null && fileId === insteadOf && unsentRowStates.some((unsent) => unsent === state);
}
