import { sql } from 'kysely';
import type { FileLedger, LedgerFile, ResultPicture } from '../../app/ports/ledger.ts';
import type { RowKind } from '../../domain/file-life.ts';
import type { LedgerDatabase } from './database.ts';
import { fileColumns } from './read-file.ts';
import { resultRows } from './result-rows.ts';
import { openRowStates } from './state-lists.ts';

const pageFiles = 100;

export function createSettleLedger(
  db: LedgerDatabase,
): Pick<FileLedger, 'filesToSettle' | 'filesToReport' | 'readResult' | 'settleFile' | 'noteReport'> {
  // Goes on where it ended: files that can't be settled (their partner has no config) must not block those behind them.
  let after = '0';
  // Those whose rows have moved since the leader summed up last. A quarter of a year has thousands that have not.
  const moving = sql`f.id = any (array(
    select id from file where state = 'read' union select file_id from file_delta))`;
  return {
    async filesToSettle({ onlyMoving = false } = {}) {
      const { rows } = await sql<LedgerFile>`
        select ${fileColumns} from file f
        where f.id > ${after} and ${onlyMoving ? moving : sql`true`}
          and (f.state = 'read' or (f.state = 'settled' and f.settled_at > clock_timestamp() - interval '90 days'))
          and not exists (select from file_tally t where t.file_id = f.id and t.state in ${openRowStates} and t.n > 0)
          and (f.state = 'read' or f.result_moves is distinct from (
            select coalesce(sum(t.moves), 0) from file_tally t where t.file_id = f.id))
          -- Counted, not "not exists": as a join it would be worked out for the whole ledger at every turn.
          and (select count(*) from (
            select from ledger_row d join ledger_row o on o.id = d.duplicate_of
            where d.file_id = f.id and d.state = 'duplicate' and o.state in ${openRowStates} limit 1) as open) = 0
        order by f.id limit ${pageFiles}`.execute(db);
      after = rows.length < pageFiles ? '0' : (rows.at(-1)?.id ?? '0');
      return rows;
    },

    async filesToReport(olderThanMs) {
      // A held file, too: the partner sees what became of its first rows.
      const { rows } = await sql<LedgerFile>`
        select ${fileColumns} from file f
        where (f.state in ('read', 'settled') or f.held_from in ('read', 'settled'))
          and greatest(f.reported_at, f.settled_at, f.due_at) < clock_timestamp() - ${olderThanMs}::float8 * interval '1 millisecond'
          and coalesce(f.settled_at, f.due_at) > clock_timestamp() - interval '90 days'
          and exists (select from file_tally t where t.file_id = f.id and t.state in ${openRowStates} and t.n > 0)
          and coalesce(greatest(f.reported_moves, f.result_moves), 0) <> (
            select coalesce(sum(t.moves), 0) from file_tally t where t.file_id = f.id)
        order by f.id limit ${pageFiles}`.execute(db);
      return rows;
    },

    readResult: (fileId, use, { interim = false } = {}) =>
      db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (snapshot) => {
          // Two results of one file published at once could leave the older picture under the newer one's number.
          if (!(await isOnlyReader(snapshot, fileId))) return null;
          const file = await fileOf(snapshot, fileId);
          if (file === null) return null;
          const where = interim ? (file.heldFrom ?? file.state) : file.state;
          if (where !== 'read' && where !== 'settled') return null;
          const pending = await countPending(snapshot, fileId);
          if (pending > 0 && !interim) return null;
          const { counts, countsByKind, moves } = await countExactly(snapshot, fileId);
          const version = file.resultMoves === moves ? file.resultVersion : file.resultVersion + 1;
          const rows = resultRows(snapshot, fileId);
          const picture: ResultPicture = { file, version, moves, counts, countsByKind, pending, rows };
          return use(picture);
        }),

    async settleFile(fileId, { version, moves }, actor, told = null) {
      await sql`with f as (
          update file set state = 'settled', result_version = ${version}, result_moves = ${moves},
            settled_at = case when result_version = ${version} then settled_at else clock_timestamp() end
          where id = ${fileId} and state in ('read', 'settled') and result_version <= ${version}
            and (state, result_version) is distinct from ('settled'::text, ${version}::int)
          returning id, partner, state
        ), told as (
          insert into delivery (about, channel, recipient, lane, file_id, version, payload)
          select 'file', 'webhook', ${told?.recipient ?? ''}, 'file ' || f.id, f.id, ${version}::int,
            ${JSON.stringify(told?.payload ?? {})}::jsonb
          from f where ${told !== null}::boolean
          on conflict do nothing
        ) insert into audit_event (actor, action, partner, file_id, to_state, version, detail)
          select ${actor}, 'file.settled', partner, id, state, ${version}::int, ${JSON.stringify({ moves })}::jsonb
          from f`.execute(db);
    },

    async noteReport(fileId, { moves }) {
      await sql`update file set reported_at = clock_timestamp(), reported_moves = ${moves} where id = ${fileId}`.execute(
        db,
      );
    },
  };
}

type FileWithMoves = LedgerFile & { readonly resultMoves: number | null };

async function fileOf(db: LedgerDatabase, fileId: string): Promise<FileWithMoves | null> {
  const { rows } = await sql<FileWithMoves>`
    select ${fileColumns}, f.result_moves::float8 as "resultMoves" from file f where id = ${fileId}`.execute(db);
  return rows[0] ?? null;
}

async function isOnlyReader(db: LedgerDatabase, fileId: string): Promise<boolean> {
  const { rows } = await sql<{ only: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('leadsync.result', ${fileId}::bigint)) as only`.execute(db);
  return rows[0]?.only === true;
}

async function countPending(db: LedgerDatabase, fileId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from ledger_row r
      left join ledger_row o on r.state = 'duplicate' and o.id = r.duplicate_of
    where r.file_id = ${fileId} and (r.state in ${openRowStates} or o.state in ${openRowStates})`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Row by row, not by the counters: a file never settles on a sum alone. */
async function countExactly(
  db: LedgerDatabase,
  fileId: string,
): Promise<Pick<ResultPicture, 'counts' | 'countsByKind' | 'moves'>> {
  const { rows } = await sql<{ kind: RowKind; state: string; n: number; moves: number }>`
    select kind, state, count(*)::int as n, sum(version)::float8 as moves from ledger_row
    where file_id = ${fileId} group by kind, state order by kind, state`.execute(db);
  const counts: Record<string, number> = {};
  const countsByKind: Partial<Record<RowKind, Record<string, number>>> = {};
  for (const { kind, state, n } of rows.toSorted((a, b) => (a.state < b.state ? -1 : 1))) {
    counts[state] = (counts[state] ?? 0) + n;
    (countsByKind[kind] ??= {})[state] = n;
  }
  return { counts, countsByKind, moves: rows.reduce((sum, row) => sum + row.moves, 0) };
}
