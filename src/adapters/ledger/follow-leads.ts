import { sql } from 'kysely';
import type { WorkLedger } from '../../app/ports/ledger.ts';
import { judgeFollower, type FollowedRow } from '../../domain/earlier-row.ts';
import type { LeadRowState } from '../../domain/lead-row.ts';
import type { LedgerDatabase } from './database.ts';
import { identityStates, openRowStates } from './state-lists.ts';

const batch = 200;

interface Follower extends FollowedRow {
  readonly id: string;
  readonly of: string;
  /** Its file was cancelled or turned away: it is never work. */
  readonly isGivenUp: boolean;
}

/**
 * Tells the duplicates of rows that have ended: each counts a version, so that its file's result is issued again, and a
 * held correction goes to work where no lead came of the row before it. Row moves leave word in `row_ended`; the leader
 * alone reads it, so no two processes do this at once. Answers how many ended rows were seen to.
 */
export function createFollowLeads(db: LedgerDatabase): WorkLedger['followLeads'] {
  return (actor) =>
    db.transaction().execute(async (transaction) => {
      const { rows: ended } = await sql<{ rowId: string }>`
        delete from row_ended where id in (select id from row_ended order by id limit ${batch})
        returning row_id as "rowId"`.execute(transaction);
      if (ended.length === 0) return 0;
      const ids = [...new Set(ended.map((row) => row.rowId))];
      const { rows: followers } = await sql<Follower>`
        select d.id, d.code = 'ROW_LEAD_CHANGE_HELD' as held, o.id as of, o.state, o.code,
          coalesce(f.cancelled_at is not null or f.state in ('rejected', 'quarantined'), false) as "isGivenUp"
        from ledger_row o join ledger_row d on d.duplicate_of = o.id and d.state = 'duplicate'
          left join file f on f.id = d.file_id
        where o.id = any (${ids}::bigint[]) and o.state not in ${openRowStates}
        order by d.id for no key update of d`.execute(transaction);
      const released = newestToRelease(followers);
      for (const [of, newest] of released) await release(transaction, of, newest, actor);
      const gone = new Set(released.values());
      await tell(
        transaction,
        followers.filter((row) => !gone.has(row.id)),
        actor,
      );
      return ended.length;
    });
}

/** By original: the newest row that may go to work. It says how the lead is now. */
function newestToRelease(followers: readonly Follower[]): ReadonlyMap<string, string> {
  const newest = new Map<string, string>();
  for (const row of followers) if (!row.isGivenUp && judgeFollower(row) === 'work') newest.set(row.of, row.id);
  return newest;
}

/** duplicate → received, unless another row has taken the lead meanwhile; then it stays held, behind that one. */
async function release(db: LedgerDatabase, of: string, id: string, actor: string): Promise<void> {
  const { rows: holders } = await sql<{ id: string }>`
    select h.id from ledger_row r join ledger_row h on h.kind = 'lead' and h.partner = r.partner
      and h.identity = r.identity and h.state in ${identityStates}
    where r.id = ${id} order by h.id for no key update of h`.execute(db);
  const holder = holders[0]?.id;
  if (holder !== undefined) {
    await sql`update ledger_row set duplicate_of = ${holder} where duplicate_of = ${of} and code = 'ROW_LEAD_CHANGE_HELD'`.execute(
      db,
    );
    await sql`update ledger_row set followed = true where id = ${holder}`.execute(db);
    return;
  }
  await sql`with r as (
      update ledger_row set state = 'received', code = null, duplicate_of = null, version = version + 1,
        next_at = clock_timestamp(), updated_at = clock_timestamp() where id = ${id}
      returning id, partner, file_id, fence, version
    ), counted as (
      insert into file_delta (file_id, kind, state, n, moves)
      select file_id, 'lead', 'duplicate', -1, 0 from r union all select file_id, 'lead', 'received', 1, 1 from r
    ) insert into audit_event (actor, action, partner, file_id, row_id, from_state, to_state, fence, version)
      select ${actor}, 'row.released', partner, file_id, id, 'duplicate', 'received', fence, version from r`.execute(
    db,
  );
  // Older corrections that waited as well are out of date: they share the newest one's fate.
  await sql`update ledger_row set duplicate_of = ${id}, code = 'ROW_REPLACED'
    where duplicate_of = ${of} and state = 'duplicate' and code = 'ROW_LEAD_CHANGE_HELD'`.execute(db);
  await sql`update ledger_row set followed = true where id = ${id}
    and exists (select from ledger_row d where d.duplicate_of = ${id})`.execute(db);
  const { rows } = await sql<{ state: LeadRowState }>`select state from ledger_row where id = ${of}`.execute(db);
  if (rows[0]?.state === 'failed') await cancelReplaced(db, [of], actor);
}

async function tell(db: LedgerDatabase, followers: readonly Follower[], actor: string): Promise<void> {
  if (followers.length === 0) return;
  const changed = followers.filter((row) => judgeFollower(row) === 'lead_changed').map((row) => row.id);
  await sql`with told as (
      update ledger_row d set version = version + 1, updated_at = clock_timestamp(),
        code = case when d.id = any (${changed}::bigint[]) then 'ROW_LEAD_CHANGED' else d.code end
      where d.id = any (${followers.map((row) => row.id)}::bigint[])
      returning d.id, d.partner, d.file_id, d.fence, d.version, d.code
    ), counted as (
      insert into file_delta (file_id, kind, state, n, moves)
      select file_id, 'lead', 'duplicate', 0, count(*) from told group by 1
    ) insert into audit_event (actor, action, partner, file_id, row_id, fence, version, code)
      select ${actor}, 'row.original_ended', partner, file_id, id, fence, version, code from told order by id`.execute(
    db,
  );
}

/** failed → cancelled: a newer row of the same lead is at work. */
export async function cancelReplaced(db: LedgerDatabase, ids: readonly string[], actor: string): Promise<void> {
  if (ids.length === 0) return;
  await sql`with failed as materialized (
      select id from ledger_row where id = any (${ids}::bigint[]) and state = 'failed' order by id for no key update
    ), r as (
      update ledger_row r set state = 'cancelled', code = 'ROW_REPLACED', version = version + 1, next_at = null,
        updated_at = clock_timestamp() from failed where r.id = failed.id
      returning r.id, r.partner, r.file_id, r.fence, r.version, r.code, r.followed
    ), counted as (
      insert into file_delta (file_id, kind, state, n, moves)
      select file_id, 'lead', 'failed', -count(*), 0 from r group by 1
      union all select file_id, 'lead', 'cancelled', count(*), count(*) from r group by 1
    ), word as (
      insert into row_ended (row_id) select id from r where followed
    ) insert into audit_event (actor, action, partner, file_id, row_id, from_state, to_state, fence, version, code)
      select ${actor}, 'row.cancelled', partner, file_id, id, 'failed', 'cancelled', fence, version, code from r
      order by id`.execute(db);
}
