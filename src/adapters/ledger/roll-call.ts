import { sql } from 'kysely';
import type { HostSpool, RollCall } from '../../app/ports/roll-call.ts';
import type { LedgerDatabase } from './database.ts';
import { isAlive } from './instances.ts';

/** Silent for so long, a host is away: nobody waits for it any longer. Its services look every 5 s. */
const awaySeconds = 120;
/** A spool that nobody has named for so long is forgotten. */
const forgottenDays = 30;

/**
 * Another one after each start of the server (a restart, a fail-over), in each database (one that was made anew from a
 * backup), and for tables that were loaded anew.
 */
const era = sql.raw(`(select concat_ws('.', extract(epoch from pg_postmaster_start_time()), d.oid,
  pg_relation_filenode('attempt')) from pg_database d where d.datname = current_database())`);

const patience = sql.raw(`make_interval(secs => ${awaySeconds})`);

/** Of `host_spool h` in the era `e`: it was there and has not answered. */
const isAwaited = sql.raw('h.awaited_in = e.era and h.era is distinct from e.era and h.left_at is null');

/** Of `roll_call c` in the era `e`: everybody has answered, or was waited for long enough. */
const isComplete = sql`(c.called_at <= clock_timestamp() - ${patience}
  or not exists (select from host_spool h where ${isAwaited}))`;

/** Asked once a statement: may a service with this spool announce calls? Whoever has none is not asked. */
export const mayAnnounce = (spool: string | null) => sql`(select ${spool}::uuid is null or exists (
  select from (select ${era} as era) as e join roll_call c on c.era = e.era
    join host_spool own on own.spool = ${spool}::uuid and own.era = e.era
  where ${isComplete}))`;

/** What `stops` says of a call that is not complete; null where none was ever made. */
export const openRollCall = sql`(select jsonb_build_object('since', c.called_at, 'until', c.called_at + ${patience},
    'hosts', (select coalesce(jsonb_agg(h.host order by h.host), '[]') from host_spool h where ${isAwaited}))
  from (select ${era} as era) as e left join roll_call c on c.era = e.era
  where exists (select from roll_call) and (c.era is null or not ${isComplete}))`;

export function createRollCall(db: LedgerDatabase, actor: string): RollCall {
  let answeredIn: string | null = null;
  /** Who was there at the last look: a ledger from a backup may not know them. */
  let others: readonly Seen[] = [];

  async function present(): Promise<string> {
    const { rows } = await sql<{ era: string }>`select ${era} as era`.execute(db);
    return rows[0]?.era ?? '';
  }

  /** The first that notices a new era notes who was there at the end of the one before, by what this ledger knows. */
  async function call(): Promise<void> {
    await sql`
      with called as (
        insert into roll_call (era) select ${era} on conflict (era) do nothing returning era
      ), past as (
        delete from roll_call r using called c where r.era <> c.era returning r.era, r.called_at
      ), awaited as (
        update host_spool h set awaited_in = c.era from called c
        where h.left_at is null and (h.seen_at > (select max(seen_at) from host_spool) - ${patience}
          -- The call before this one was not complete.
          or exists (select from past p where p.era = h.awaited_in and h.era is distinct from p.era
            and p.called_at > clock_timestamp() - ${patience}))
        returning h.host
      ) insert into audit_event (actor, action, detail)
        select ${actor}, 'ledger.roll_called', jsonb_build_object('era', c.era, 'hosts',
          (select coalesce(jsonb_agg(distinct host), '[]') from awaited)) from called c
        -- A ledger that nobody has worked on yet does not begin anew.
        where exists (select from past)`.execute(db);
  }

  async function forget(): Promise<void> {
    await sql`delete from host_spool
      where seen_at < clock_timestamp() - make_interval(days => ${forgottenDays})`.execute(db);
  }

  return {
    era: present,

    isAnswered: async () => answeredIn !== null && (await present()) === answeredIn,

    async answer(compared, own) {
      const isFirst = compared !== answeredIn;
      // Nothing as a rule. The call of this era may be gone with tables that were emptied and filled again.
      await call();
      if (isFirst) await forget();
      const told = [own, ...(isFirst ? others.filter(({ spool }) => spool !== own.spool) : [])];
      const { rows } = await sql<Seen>`
        with said as (
          insert into host_spool as h (spool, host, era, seen_at, awaited_in)
          select i.spool, i.host, case when i."seenAt" is null then e.era end,
            coalesce(i."seenAt", clock_timestamp()), e.era
          from (select ${era} as era) as e,
            jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as i(spool uuid, host text, "seenAt" timestamptz)
          -- In one order, or two that answer at once could wait for each other.
          where e.era = ${compared} order by i.spool
          on conflict (spool) do update set host = excluded.host, era = coalesce(excluded.era, h.era),
            seen_at = greatest(h.seen_at, excluded.seen_at),
            -- Whoever answers or has been seen since it left is there again. An answer counts whatever the clock says:
            -- that of another server may be behind.
            left_at = case when excluded.era is not null or h.left_at < excluded.seen_at then null else h.left_at end,
            awaited_in = excluded.awaited_in
          returning h.spool, h.host, h.seen_at, h.left_at
        ), there as (
          select * from said union all select spool, host, seen_at, left_at from host_spool
          where spool not in (select spool from said) and exists (select from said)
        ) select spool::text as spool, host, seen_at::text as "seenAt" from there
          where left_at is null and seen_at > clock_timestamp() - ${patience}`.execute(db);
      if (rows.length === 0) return;
      answeredIn = compared;
      others = rows.filter(({ spool }) => spool !== own.spool);
    },

    async leave(spool) {
      await sql`update host_spool h set left_at = clock_timestamp() where h.spool = ${spool}
        and not exists (select from worker_instance i where i.host = h.host and i.id <> ${actor} and ${isAlive})`.execute(
        db,
      );
    },
  };
}

/** A spool that was there, and when it said so last. */
interface Seen extends HostSpool {
  readonly seenAt: string;
}
