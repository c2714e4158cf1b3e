import { sql } from 'kysely';
import type { ReplayLedger } from '../../app/ports/replay-ledger.ts';
import type { LedgerDatabase } from './database.ts';
import { identityStates } from './state-lists.ts';

/** What a rate may catch up with after a leader that was slow: never a burst of what a night without one has saved up. */
const catchUp = sql.raw(`interval '2 seconds'`);

/**
 * The next window of a batch, in one statement: the same compare-and-set and the same changes as of one row that is taken
 * back (app/take-back-to-work.ts), for many. The batch is locked first, so that an abort, or another process that believes
 * it leads, comes before or after a window and never into it; then the rows in the order of ids, as all moves lock them.
 */
export function createCarryOnReplay(db: LedgerDatabase): ReplayLedger['carryOnReplay'] {
  return async (id, limit) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return { rows: await carryOn(db, id, limit) };
      } catch (error) {
        // Somebody took the identity of one of the rows in this very moment: at the next look its holder is seen.
        if (tries >= maxTries || !isIdentityTaken(error)) throw error;
      }
    }
  };
}

const maxTries = 5;

function isIdentityTaken(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'lead_identity';
}

async function carryOn(db: LedgerDatabase, id: string, limit: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with batch as materialized (
      select b.*, greatest(b.paced_at, clock_timestamp() - ${catchUp}) as paced_from
      from replay_batch b where b.id = ${id} and b.state = 'running' for no key update of b
    ), allowed as materialized (
      -- Not below nothing, when the clock of the database is set back.
      select greatest(0, least(${limit}, floor(extract(epoch from clock_timestamp() - paced_from) * rate)))::int as n from batch
    ), page as materialized (
      select p.ord, p.row_id, p.version from replay_row p
      where p.batch_id = ${id} and p.ord > (select done from batch)
      -- No running batch, no rows: a limit of null would be none at all.
      order by p.ord limit (select coalesce((select n from allowed), 0))
    ), locked as materialized (
      select r.id, r.kind, r.partner, r.identity, r.state, r.version from ledger_row r
      where r.id = any (array(select row_id from page)) order by r.id for no key update
    ), looked as materialized (
      select p.ord, p.row_id, l.*, l.version is distinct from p.version as has_moved, h.id as held_by
      from page p left join locked l on l.id = p.row_id
      left join lateral (
        select h.id from ledger_row h where l.kind = 'lead' and h.kind = 'lead' and h.partner = l.partner
          and h.identity = l.identity and h.state in ${identityStates} and h.id <> l.id limit 1
      ) as h on true
    ), judged as materialized (
      select ord, row_id, kind, state, case when has_moved then 'moved_on' when holder is not null then 'held_by_another' end as stayed,
        case when has_moved then null else holder end as holder
      from (
        -- Of two rows of one lead in this window the first takes it, and is the other's holder.
        select k.*, coalesce(held_by, nullif(first_value(row_id) over (partition by partner, claim order by ord), row_id)) as holder
        from (
          select *, case when kind = 'lead' and not has_moved and held_by is null then identity::text else ord::text end as claim
          from looked
        ) as k
      ) as m
    ), back as (
      update ledger_row r set state = 'received', step = null, version = r.version + 1, fence = r.fence + 1, attempts = 0,
        trying_since = null, replays = r.replays + 1, may_be_set = r.may_be_set and j.state = 'failed', code = null,
        problems = '[]', message = null, ended_job = null, next_at = clock_timestamp(), updated_at = clock_timestamp()
      from judged j where r.id = j.row_id and j.stayed is null
      returning r.id, r.kind, r.partner, r.file_id, r.fence, r.version, j.state as old_state, r.state, r.code, null::bigint as holder
    ), replaced as (
      -- It would be listed as failed for ever: no replay can bring it back.
      update ledger_row r set state = 'cancelled', code = 'ROW_REPLACED', problems = '[]', version = r.version + 1, next_at = null,
        updated_at = clock_timestamp()
      from judged j where r.id = j.row_id and j.stayed = 'held_by_another' and j.kind = 'lead' and j.state = 'failed'
      returning r.id, r.kind, r.partner, r.file_id, r.fence, r.version, j.state as old_state, r.state, r.code, j.holder, r.followed
    ), moved as (
      select * from back
      union all select id, kind, partner, file_id, fence, version, old_state, state, code, holder from replaced
    ), word as (
      insert into row_ended (row_id) select id from replaced where followed order by id
    ), counted as (
      insert into file_delta (file_id, kind, state, n, moves)
      select file_id, kind, old_state, -count(*), 0 from moved where file_id is not null group by 1, 2, 3
      union all select file_id, kind, state, count(*), count(*) from moved where file_id is not null group by 1, 2, 3
    ), audited as (
      insert into audit_event (actor, action, partner, file_id, row_id, from_state, to_state, fence, version, code, reason,
        detail)
      select b.actor, case m.state when 'received' then 'row.replayed' else 'row.cancelled' end, m.partner, m.file_id, m.id,
        m.old_state, m.state, m.fence, m.version, m.code, b.reason,
        jsonb_strip_nulls(jsonb_build_object('replay', b.id, 'holder', m.holder))
      from moved m cross join batch b order by m.id
    ), noted as (
      update replay_row p set stayed = j.stayed, holder = j.holder from judged j
      where p.batch_id = ${id} and p.ord = j.ord and j.stayed is not null
    ), sums as (
      select count(*)::int as seen, count(*) filter (where stayed = 'moved_on')::int as moved_on,
        count(*) filter (where stayed = 'held_by_another')::int as held_by_another from judged
    ), carried as (
      update replay_batch b set done = b.done + s.seen, replayed = b.replayed + s.seen - s.moved_on - s.held_by_another,
        moved_on = b.moved_on + s.moved_on, held_by_another = b.held_by_another + s.held_by_another,
        replaced = b.replaced + (select count(*)::int from replaced),
        paced_at = batch.paced_from + s.seen * interval '1 second' / b.rate,
        state = case when b.done + s.seen = b.rows then 'finished' else b.state end,
        ended_at = case when b.done + s.seen = b.rows then clock_timestamp() end
      from sums s cross join batch where b.id = batch.id and s.seen > 0
      returning b.*
    ), told as (
      insert into audit_event (actor, action, partner, reason, detail)
      select actor, 'replay.finished', filter ->> 'partner', reason, jsonb_build_object('replay', id, 'replayed', replayed,
        'movedOn', moved_on, 'heldByAnother', held_by_another, 'replaced', replaced)
      from carried where state = 'finished'
    ) select seen as n from sums`.execute(db);
  return rows[0]?.n ?? 0;
}
