import { sql } from 'kysely';
import type { Act } from '../../app/ports/held-files.ts';
import type { ReplayBatch, ReplayGroup, ReplayLedger, RowSelection, StayedRow } from '../../app/ports/replay-ledger.ts';
import { createCarryOnReplay } from './carry-on-replay.ts';
import type { LedgerDatabase } from './database.ts';
import { whereRows } from './where-rows.ts';

/** Of row `r` and its file `f`. Whatever can't be taken back by the legal moves must not be called safe: it would stop its batch. */
const replayClass = sql.raw(`case
  when r.state = 'in_doubt' then 'in_doubt'
  when r.state not in ('failed', 'rejected', 'not_managed', 'cancelled') then 'not_replayable'
  when r.erasure_id is not null or exists (select from erasing_row e where e.row_id = r.id) then 'not_replayable'
  -- Nothing of such a file goes to work.
  when f.state in ('rejected', 'quarantined') then 'not_replayable'
  when r.state = 'cancelled' and (r.kind <> 'lead' or r.code is distinct from 'ROW_CANCELLED') then 'not_replayable'
  when r.is_unfit or (r.state = 'rejected' and r.version = 0) or (r.kind = 'lead' and r.identity is null)
    then 'needs_corrected_file'
  else 'safe' end`);

const parked = sql.raw(`r.state in ('failed', 'rejected', 'in_doubt')`);

/**
 * What a replay looks at. The newest row of a lead comes first: it says how the lead is now, and takes the identity before
 * older ones. Status updates come oldest first, as they are sent.
 */
const found = (selection: RowSelection) => sql`
  select r.id, r.version, r.partner, r.kind, r.state, r.code, ${replayClass} as class
  from ledger_row r left join file f on f.id = r.file_id
  where ${whereRows(selection)} and ${selection.state === undefined && selection.rowId === undefined ? parked : sql`true`}`;

const look = (selection: RowSelection) => sql`
  found as materialized (${found(selection)}), safe as materialized (
    select s.*, row_number() over (order by s.kind, case s.kind when 'lead' then -s.id else s.id end)::int as ord
    from (select * from found where class = 'safe' order by id desc limit ${selection.limit ?? null}) as s
  ), groups as materialized (
    select class, partner, kind, state, code, count(*)::int as n from found where class <> 'safe' group by 1, 2, 3, 4, 5
    union all select class, partner, kind, state, code, count(*)::int from safe group by 1, 2, 3, 4, 5
  )`;
/** Nothing has to be put in order or looked for by time: then the many rows that never come back are counted in an index. */
function isCountedByLanes({ limit, rowId, since, until, belowId, state }: RowSelection): boolean {
  const isNarrow = [limit, rowId, since, until, belowId].some((given) => given !== undefined);
  return !isNarrow && (state === undefined || state === 'rejected');
}

const atOnce = sql.raw(`r.state = 'rejected' and r.version = 0 and r.erasure_id is null`);
const later = sql.raw(`r.state = 'rejected' and not (r.version = 0 and r.erasure_id is null)`);
const alsoParked = sql.raw(`r.state in ('failed', 'in_doubt')`);

/** The same groups as `look` gives; rows that were rejected at once are not looked at one by one. */
function groupsByLanes(selection: RowSelection) {
  const { state: _state, ...others } = selection;
  const lane = (which: typeof atOnce) => sql`select r.partner, r.kind, r.state, r.code, ${replayClass} as class, 1 as n
    from ledger_row r left join file f on f.id = r.file_id where ${which} and ${whereRows(others)}`;
  return sql`
    at_once as materialized (
      select r.partner, r.kind, r.code, r.file_id, count(*)::int as n from ledger_row r
      where ${atOnce} and ${whereRows(others)} group by 1, 2, 3, 4
    ), counted as (
      select o.partner, o.kind, 'rejected' as state, o.code, o.n,
        case when f.state in ('rejected', 'quarantined') then 'not_replayable' else 'needs_corrected_file' end as class
      from at_once o left join file f on f.id = o.file_id
      union all select partner, kind, state, code, n, class from (${lane(later)}) as r
      union all select partner, kind, state, code, n, class from (${lane(alsoParked)}) as r
        where ${selection.state === undefined ? sql`true` : sql`false`}
    ), groups as (
      select class, partner, kind, state, code, sum(n)::int as n from counted group by 1, 2, 3, 4, 5
    )`;
}

const inOrder = sql.raw('g.partner collate "C", g.kind, g.state, g.n desc, g.code');

const batchColumns = sql.raw(`b.id::text as id, b.state, b.actor, b.reason, b.filter, b.rate,
  b.started_at as "startedAt", b.ended_at as "endedAt", b.rows, b.replayed, b.moved_on as "movedOn",
  b.held_by_another as "heldByAnother", b.replaced, b.rows - b.done as left`);

/** Replays in the ledger: how a selection is frozen and looked at. carry-on-replay.ts is what is done with it. */
export function createReplayLedger(db: LedgerDatabase): ReplayLedger {
  return {
    carryOnReplay: createCarryOnReplay(db),

    async previewReplay(selection) {
      const groups = isCountedByLanes(selection) ? groupsByLanes(selection) : look(selection);
      const { rows } = await sql<ReplayGroup>`with ${groups} select g.* from groups g order by ${inOrder}`.execute(db);
      return rows;
    },

    async proposeReplay(selection, { actor, reason, ratePerSecond }) {
      const { rows } = await sql<ReplayGroup & { id: string | null }>`
        with ${look(selection)}, batch as (
          insert into replay_batch (actor, reason, filter, rate, rows)
          select ${actor}, ${reason}, ${JSON.stringify(selection)}::jsonb, ${ratePerSecond}::int, count(*) from safe
          having count(*) > 0 returning id
        ), frozen as (
          insert into replay_row (batch_id, ord, row_id, version)
          select b.id, s.ord, s.id, s.version from safe s cross join batch b
        ) select g.*, (select id::text from batch) as id from groups g order by ${inOrder}`.execute(db);
      return { id: rows[0]?.id ?? null, groups: rows.map(({ id: _id, ...group }) => group) };
    },

    async startReplay(id) {
      const { rows } = await sql`
        with b as (
          update replay_batch set state = 'running', started_at = clock_timestamp(), paced_at = clock_timestamp()
          where id = ${id} and state = 'proposed' returning *
        ) insert into audit_event (actor, action, partner, reason, detail)
          select actor, 'replay.started', filter ->> 'partner', reason,
            jsonb_build_object('replay', id, 'rows', rows, 'rate', rate, 'filter', filter) from b
          returning seq`.execute(db);
      return rows.length > 0;
    },

    async discardReplay(id) {
      await discard(db, sql`id = ${id}`);
    },

    async abortReplay(id, { actor, reason }: Act) {
      const { rows } = await sql`
        with b as (
          update replay_batch set state = 'aborted', ended_at = clock_timestamp()
          where id = ${id} and state = 'running' returning *
        ) insert into audit_event (actor, action, partner, reason, detail)
          select ${actor}, 'replay.aborted', filter ->> 'partner', ${reason},
            jsonb_build_object('replay', id, 'replayed', replayed, 'movedOn', moved_on, 'heldByAnother', held_by_another,
              'left', rows - done) from b
          returning seq`.execute(db);
      return rows.length > 0;
    },

    async replayBatch(id) {
      const { rows } = await sql<ReplayBatch>`select ${batchColumns} from replay_batch b
        where b.id = ${id} and b.state <> 'proposed'`.execute(db);
      return rows[0] ?? null;
    },

    async replayBatches(limit) {
      const { rows } = await sql<ReplayBatch>`select ${batchColumns} from replay_batch b
        where b.state <> 'proposed' order by b.id desc limit ${limit}`.execute(db);
      return rows;
    },

    async stayedRows(id, limit) {
      const { rows } = await sql<StayedRow>`
        select p.row_id::text as "rowId", p.stayed as why, p.holder::text as holder, r.state, r.code
        from replay_row p join ledger_row r on r.id = p.row_id
        where p.batch_id = ${id} and p.stayed is not null order by p.ord limit ${limit}`.execute(db);
      return rows;
    },

    async runningReplays() {
      const { rows } = await sql<{ id: string }>`select id::text as id from replay_batch where state = 'running'
        order by id limit 100`.execute(db);
      return rows.map(({ id }) => id);
    },

    async forgetProposals(olderThanMs) {
      await discard(db, sql`proposed_at < clock_timestamp() - ${olderThanMs}::float8 * interval '1 millisecond'`);
    },
  };
}

async function discard(db: LedgerDatabase, which: ReturnType<typeof sql>): Promise<void> {
  await sql`with b as (delete from replay_batch where state = 'proposed' and ${which} returning id)
    delete from replay_row where batch_id in (select id from b)`.execute(db);
}
