import { sql } from 'kysely';
import type { WorkLedger } from '../../app/ports/ledger.ts';
import { judgeFollower, type FollowedRow } from '../../domain/earlier-row.ts';
import type { FaultCode } from '../../domain/faults.ts';
import type { LedgerDatabase } from './database.ts';
import { identityStates, openRowStates } from './state-lists.ts';

const batch = 1_000;

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
          -- Of whoever is erased there is nothing to send, and nobody to tell.
          and d.erasure_id is null and not exists (select from erasing_row e where e.row_id = d.id)
        order by d.id for no key update of d`.execute(transaction);
      const released = newestToRelease(followers);
      await release(transaction, released, actor);
      const gone = new Set(released.map(({ id }) => id));
      await tell(
        transaction,
        followers.filter((row) => !gone.has(row.id)),
        actor,
      );
      return ended.length;
    });
}

interface Released {
  /** The row that ended without a lead. */
  readonly of: string;
  readonly id: string;
  /** The other duplicates of the same row that would be work. */
  readonly rest: readonly string[];
}

/** Of each original the newest row that may go to work, since it says how the lead is now. */
function newestToRelease(followers: readonly Follower[]): readonly Released[] {
  const wouldWork = followers.filter((row) => judgeFollower(row) === 'work');
  return [...Map.groupBy(wouldWork, ({ of }) => of)].flatMap(([of, rows]) => {
    const newest = rows.findLast(({ isGivenUp }) => !isGivenUp);
    if (newest === undefined) return [];
    return [{ of, id: newest.id, rest: rows.map(({ id }) => id).filter((id) => id !== newest.id) }];
  });
}

/**
 * duplicate → received, unless another row has taken the lead meanwhile; then it stays held, behind that one. The
 * rest follow whoever has the lead now, or it would be lost with that one's file.
 */
async function release(db: LedgerDatabase, released: readonly Released[], actor: string): Promise<void> {
  // Two rows of one lead can't both take it: the second finds the first to be its holder, a round later.
  for (let left = released; left.length > 0;) {
    const { holders, firsts } = await findHolders(db, left);
    const held = left.filter(({ id }) => holders.has(id));
    const free = left.filter(({ id }) => !holders.has(id) && firsts.has(id));
    left = left.filter(({ id }) => !holders.has(id) && !firsts.has(id));
    const behind = held.flatMap(({ id, rest }) => [id, ...rest].map((row) => ({ row, to: holders.get(id)?.id ?? '' })));
    await pointTo(db, behind, 'ROW_LEAD_CHANGE_HELD');
    // They will not move any more, so nobody would tell those that point to them.
    await leaveWord(
      db,
      [...holders.values()].filter(({ isOpen }) => !isOpen).map(({ id }) => id),
    );
    await goToWork(
      db,
      free.map(({ id }) => id),
      actor,
    );
    // Those that say something else are out of date: they share the newest one's fate.
    await pointTo(
      db,
      free.flatMap(({ id, rest }) => rest.map((row) => ({ row, to: id }))),
      'ROW_REPLACED',
    );
    await cancelReplaced(
      db,
      free.map(({ of }) => of),
      actor,
    );
  }
}

interface Holders {
  /** By row: who has its lead. */
  readonly holders: ReadonlyMap<string, { readonly id: string; readonly isOpen: boolean }>;
  /** The first row of each lead. */
  readonly firsts: ReadonlySet<string>;
}

async function findHolders(db: LedgerDatabase, released: readonly Released[]): Promise<Holders> {
  const { rows } = await sql<{ row: string; lead: string; id: string | null; isOpen: boolean | null }>`
    with holder as materialized (
      select r.id as row, h.id, h.state in ${openRowStates} as open from ledger_row r
      join ledger_row h on h.kind = 'lead' and h.partner = r.partner and h.identity = r.identity and h.state in ${identityStates}
      where r.id = any (${released.map(({ id }) => id)}::bigint[]) order by h.id for no key update of h
    ) select r.id as row, r.partner || ' ' || r.identity as lead, h.id, h.open as "isOpen"
      from ledger_row r left join holder h on h.row = r.id
      where r.id = any (${released.map(({ id }) => id)}::bigint[]) order by r.id`.execute(db);
  const holders = new Map(
    rows.flatMap(({ row, id, isOpen }) => (id === null ? [] : [[row, { id, isOpen: isOpen === true }] as const])),
  );
  const firsts = new Map<string, string>();
  for (const { row, lead } of rows) if (!firsts.has(lead)) firsts.set(lead, row);
  return { holders, firsts: new Set(firsts.values()) };
}

async function leaveWord(db: LedgerDatabase, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`insert into row_ended (row_id) select distinct unnest(${ids}::bigint[])`.execute(db);
}

async function goToWork(db: LedgerDatabase, ids: readonly string[], actor: string): Promise<void> {
  if (ids.length === 0) return;
  await sql`with r as (
      update ledger_row set state = 'received', code = null, duplicate_of = null, version = version + 1,
        next_at = clock_timestamp(), updated_at = clock_timestamp() where id = any (${ids}::bigint[])
      returning id, partner, file_id, fence, version
    ), counted as (
      insert into file_delta (file_id, kind, state, n, moves)
      select file_id, 'lead', 'duplicate', -count(*), 0 from r group by 1
      union all select file_id, 'lead', 'received', count(*), count(*) from r group by 1
    ) insert into audit_event (actor, action, partner, file_id, row_id, from_state, to_state, fence, version)
      select ${actor}, 'row.released', partner, file_id, id, 'duplicate', 'received', fence, version
      from r order by id`.execute(db);
}

/** `code` is that of the duplicates that say something else than the row they point to from now on. */
async function pointTo(
  db: LedgerDatabase,
  pairs: readonly { readonly row: string; readonly to: string }[],
  code: FaultCode,
): Promise<void> {
  if (pairs.length === 0) return;
  const to = pairs.map((pair) => pair.to);
  await sql`update ledger_row d set duplicate_of = o.id,
      code = case when d.content = o.content then 'ROW_DUPLICATE' else ${code} end
    from unnest(${pairs.map(({ row }) => row)}::bigint[], ${to}::bigint[]) as p(row, target)
      join ledger_row o on o.id = p.target
    where d.id = p.row`.execute(db);
  await sql`update ledger_row set followed = true where id = any (${to}::bigint[]) and not followed`.execute(db);
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
      update ledger_row r set state = 'cancelled', code = 'ROW_REPLACED', problems = '[]', version = version + 1, next_at = null,
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
