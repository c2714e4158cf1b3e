import { sql, type RawBuilder } from 'kysely';
import type { CancelGroup, CancelLedger } from '../../app/ports/cancel-ledger.ts';
import type { HeldFiles } from '../../app/ports/held-files.ts';
import type { RowSelection } from '../../app/ports/replay-ledger.ts';
import type { FaultCode } from '../../domain/faults.ts';
import type { LedgerDatabase } from './database.ts';
import { unsentStates } from './state-lists.ts';
import { whereRows } from './where-rows.ts';

const pageRows = 5_000;

/**
 * Of row `r`: nothing of it is on its way. What was announced or sent can't be taken back, and neither can a create without
 * an answer that waits to be repeated.
 */
const isUnsent = sql`(r.state in ${unsentStates} and r.code is distinct from 'API_NO_ANSWER')`;
const isUnsentOrFailed = sql`(${isUnsent} or r.state = 'failed')`;

/** Cancels a file's rows of which nothing was sent, page by page in the order of the file. */
export function createCancelRows(db: LedgerDatabase): HeldFiles['cancelRows'] {
  return async (id, code, act, { failed = false, done = () => undefined } = {}) => {
    const which = failed ? isUnsentOrFailed : isUnsent;
    let sum = 0;
    for (let after: string | null = '0'; after !== null;) {
      // A record of a mixed file is two rows under one number: never cut in two.
      const page = sql`select r.id, r.row_number as place from ledger_row r
        where r.file_id = ${id} and r.row_number > ${after} and ${which} order by r.row_number
          fetch first ${pageRows} rows with ties`;
      const { last, cancelled } = await cancel(db, page, { which, code, ...act });
      after = last;
      sum += cancelled;
      done(sum);
    }
    return sum;
  };
}

/** Rejected rows are cancelled where they are asked for by their state, and never along with others. */
const cancellable = ({ state }: RowSelection) =>
  state === 'rejected' ? sql`(${isUnsentOrFailed} or r.state = 'rejected')` : isUnsentOrFailed;

/** Cancels rows by what they have in common. */
export function createCancelLedger(db: LedgerDatabase): CancelLedger {
  return {
    async previewCancel(selection) {
      const { rows } = await sql<CancelGroup & { upTo: string }>`
        select r.partner, r.kind, r.state, r.code, ${cancellable(selection)} as "canBeCancelled", count(*)::int as n,
          (max(max(r.id)) over ())::text as "upTo"
        from ledger_row r where ${whereRows(selection)} group by 1, 2, 3, 4, 5
        order by r.partner collate "C", r.kind, r.state, n desc, r.code`.execute(db);
      return { upTo: rows[0]?.upTo ?? null, groups: rows.map(({ upTo: _upTo, ...group }) => group) };
    },

    cancelSome(selection, { after, upTo, limit }, act) {
      const which = sql`${cancellable(selection)} and ${whereRows(selection)}`;
      const page = sql`select r.id, r.id as place from ledger_row r
        where r.id > ${after} and r.id <= ${upTo} and ${which} order by r.id limit ${limit}`;
      return cancel(db, page, { which, code: 'ROW_CANCELLED', ...act });
    },
  };
}

interface Cancelling {
  /** Asked of each row again under its lock. */
  readonly which: RawBuilder<unknown>;
  readonly code: FaultCode;
  readonly actor: string;
  readonly reason: string | null;
}

/** One page, of rows with their places in the order in which pages follow each other: one statement. */
async function cancel(
  db: LedgerDatabase,
  page: RawBuilder<unknown>,
  { which, code, actor, reason }: Cancelling,
): Promise<{ readonly last: string | null; readonly cancelled: number }> {
  const { rows } = await sql<{ last: string | null; cancelled: number }>`
    with page as materialized (
      ${page}
    ), open as materialized (
      select r.id, r.state from ledger_row r where r.id in (select id from page) and ${which}
      order by r.id for no key update
    ), r as (
      update ledger_row r set state = 'cancelled', code = ${code}, problems = '[]', version = r.version + 1, next_at = null,
        is_unfit = r.is_unfit or (open.state = 'rejected' and r.version = 0), updated_at = clock_timestamp()
      from open where r.id = open.id
      returning r.id, r.kind, r.partner, r.file_id, r.fence, r.version, r.code, r.followed, open.state as old_state
    ), word as (
      insert into row_ended (row_id) select id from r where followed
    ), counted as (
      insert into file_delta (file_id, kind, state, n, moves)
      select file_id, kind, old_state, -count(*), 0 from r where file_id is not null group by 1, 2, 3
      union all select file_id, kind, 'cancelled', count(*), count(*) from r where file_id is not null group by 1, 2
    ), audited as (
      insert into audit_event (actor, action, partner, file_id, row_id, from_state, to_state, fence, version, code, reason)
      select ${actor}, 'row.cancelled', partner, file_id, id, old_state, 'cancelled', fence, version, code, ${reason}
      from r order by id
    ) select (select max(place) from page)::text as last, (select count(*)::int from r) as cancelled`.execute(db);
  return rows[0] ?? { last: null, cancelled: 0 };
}
