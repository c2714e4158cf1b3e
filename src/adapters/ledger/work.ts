import { sql, type RawBuilder } from 'kysely';
import type { DueCursor, DueRow, WorkLedger } from '../../app/ports/ledger.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { createFollowLeads } from './follow-leads.ts';
import { rowColumns } from './read-row.ts';
import { readTogether } from './read-together.ts';
import { createWakeUpdates } from './wake-updates.ts';

/** Rows entered by hand belong to no file. The index row_due has the same expression. */
export const fileOf = sql.raw('coalesce(r.file_id, 0)');

/** Does the file `f` of the lane let rows go? Read to its end and not held, or held with its first rows let go. */
export const letsRowsGo = sql.raw(
  `(lane.file = 0 or f.state in ('read', 'settled') or (f.state = 'held' and f.let_through_to > 0))`,
);

/** With microseconds: a cursor that is rounded passes over rows, or offers them twice. */
const stamp = (time: RawBuilder<unknown>) => sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** When the row could begin, and when it fell due: what `dueRows` writes into a cursor. */
function readCursor(after: DueCursor | null) {
  const [began = '-infinity', fell = '-infinity'] = after?.nextAt.split('|') ?? [];
  return { began: sql`${began}::timestamptz`, fell: sql`${fell}::timestamptz`, id: after?.id ?? '0' };
}

/** What the feeder, the workers and the sweeper ask. */
export function createWorkLedger(db: LedgerDatabase, planned: LedgerDatabase): WorkLedger {
  return {
    followLeads: createFollowLeads(db),
    wakeUpdates: createWakeUpdates(db),

    row: readTogether(async (ids) => {
      const { rows } = await sql<LedgerRow>`select ${rowColumns}, exists (select from file f
          where f.id = r.file_id and f.state = 'held' and r.row_number > f.let_through_to) as "isHeldBack",
          (select version from suppression_list) as suppressions
        from ledger_row r where r.id = any (${ids}::bigint[])`.execute(planned);
      const found = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => found.get(id) ?? null);
    }),

    async partnersWithWork(kind) {
      // Jumps from file to file in the index instead of reading every due row.
      const { rows } = await sql<{ partner: string }>`
        with recursive lane as (
          (select r.partner, ${fileOf} as file from ledger_row r where r.kind = ${kind} and r.next_at is not null
            order by r.partner, ${fileOf} limit 1)
          union all
          select n.partner, n.file from lane cross join lateral (
            select r.partner, ${fileOf} as file from ledger_row r where r.kind = ${kind} and r.next_at is not null
              and (r.partner, ${fileOf}) > (lane.partner, lane.file)
            order by r.partner, ${fileOf} limit 1) as n
        ) select distinct lane.partner from lane left join file f on f.id = lane.file
          where ${letsRowsGo} and exists (
            select from ledger_row r where r.kind = ${kind} and r.partner = lane.partner and ${fileOf} = lane.file
              and r.next_at <= clock_timestamp())
          order by lane.partner`.execute(db);
      return rows.map((row) => row.partner);
    },

    async dueRows(kind, partner, after, limit) {
      const { began, fell, id } = readCursor(after);
      const due = sql`select r.id, r.version, r.next_at from ledger_row r
        where r.next_at <= clock_timestamp()
          -- For the index; the whole order is compared below.
          and r.next_at >= case when open.since > ${began} then '-infinity' when open.since = ${began} then ${fell}
            else ${began} end
          and (greatest(r.next_at, open.since), r.next_at, r.id) > (${began}, ${fell}, ${id}::bigint)`;
      const { rows } = await sql<DueRow>`
        with recursive lane as (
          (select ${fileOf} as file from ledger_row r where r.kind = ${kind} and r.partner = ${partner}
            and r.next_at is not null order by ${fileOf} limit 1)
          union all
          select n.file from lane cross join lateral (
            select ${fileOf} as file from ledger_row r where r.kind = ${kind} and r.partner = ${partner}
              and r.next_at is not null and ${fileOf} > lane.file order by ${fileOf} limit 1) as n
        ), open as (
          select lane.file, coalesce(f.work_since, '-infinity') as since,
            case when f.state = 'held' then f.let_through_to end as up_to
          from lane left join file f on f.id = lane.file where ${letsRowsGo}
        ) select d.id::text as id, d.version,
            ${stamp(sql`greatest(d.next_at, open.since)`)} || '|' || ${stamp(sql`d.next_at`)} as "nextAt"
          from open cross join lateral (
            (${due} and open.up_to is null and r.kind = ${kind} and r.partner = ${partner} and ${fileOf} = open.file
              order by r.next_at, r.id limit ${limit})
            union all
            -- The first rows of a held file, by their numbers: the others are as many as the file has.
            (${due} and r.file_id = open.file and r.row_number <= open.up_to order by r.next_at, r.id limit ${limit})
          ) as d
          order by greatest(d.next_at, open.since), d.next_at, d.id limit ${limit}`.execute(db);
      return rows;
    },

    async orphans(patienceMs, limit) {
      const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r
        where r.state in ('submitting', 'pushing')
          and r.intent_at < clock_timestamp() - ${patienceMs}::float8 * interval '1 millisecond'
        order by r.intent_at limit ${limit}`.execute(db);
      return rows;
    },

    async sumUp() {
      await sql`
        with gone as (
          delete from file_delta where id in (select id from file_delta order by id limit 20000)
          returning file_id, kind, state, n, moves
        ) insert into file_count as c (file_id, kind, state, n, moves)
          select file_id, kind, state, sum(n), sum(moves) from gone group by 1, 2, 3
          on conflict (file_id, kind, state) do update set n = c.n + excluded.n, moves = c.moves + excluded.moves`.execute(
        db,
      );
    },
  };
}
