import { sql } from 'kysely';
import type { NightRuns } from '../../app/ports/night-ledger.ts';
import type { LedgerDatabase } from './database.ts';
import { isAlive } from './instances.ts';

/** Files that wait for a run, held ones with them: a hold that ends brings a file back to where it was. */
const waits = sql.raw(`f.run = 'waiting' and coalesce(f.held_from, f.state) = 'arrived'`);

/** Runs of nights. A run, the files that it takes and the audit event are one statement. */
export function createNightRuns(db: LedgerDatabase): NightRuns {
  return {
    async watch() {
      const { rows } = await sql<WatchRow>`
        select clock_timestamp() as now,
          (select min(started_at) from worker_instance where 'watch' = any (roles) and ${isAlive}) as "inboxesSince",
          (select coalesce(jsonb_agg(jsonb_build_object('partner', w.partner, 'lookedTo', w.looked_to,
            'expects', w.expects)), '[]') from partner_watch w) as watched,
          (select coalesce(jsonb_object_agg(n.partner, n.files), '{}') from (
            select f.partner, count(*) as files from file f where ${waits} group by f.partner) as n) as waiting`.execute(
        db,
      );
      const [found] = rows;
      if (found === undefined) throw new Error('no watch');
      const { now, inboxesSince, watched, waiting } = found;
      const partners = watched.map(({ partner, lookedTo, expects }) => {
        const since = Object.entries(expects).map(([key, moment]) => [key, new Date(moment)] as const);
        return [partner, { lookedTo: new Date(lookedTo), expects: new Map(since) }] as const;
      });
      return { now, inboxesSince, partners: new Map(partners), waiting: new Map(Object.entries(waiting)) };
    },

    async noteExpected(partner, keys) {
      await sql`
        insert into partner_watch as w (partner, expects)
        select ${partner}, coalesce(jsonb_object_agg(key, clock_timestamp()), '{}') from unnest(${keys}::text[]) as key
        on conflict (partner) do update set expects = (
          select coalesce(jsonb_object_agg(e.key, coalesce(w.expects -> e.key, e.value)), '{}')
          from jsonb_each(excluded.expects) as e)`.execute(db);
    },

    async lookTo(partner, moment) {
      await sql`update partner_watch set looked_to = ${moment} where partner = ${partner} and looked_to < ${moment}`.execute(
        db,
      );
    },

    async isRunUnderWay(partner, before) {
      const due = (kind: 'lead' | 'update') => sql`exists (select from ledger_row r where r.kind = ${kind}
        and r.partner = ${partner} and coalesce(r.file_id, 0) = f.id and r.next_at <= clock_timestamp())`;
      const { rows } = await sql`
        select from file f
        where f.partner = ${partner} and f.run = 'taken'
          and f.night = (select max(night) from night_run where partner = ${partner} and night < ${before}::date)
          and not exists (select from work_pause where partner in (${partner}, ''))
          and not exists (select from night_run where partner = ${partner} and night = ${before}::date)
          and (f.state in ('arrived', 'reading') or f.state in ('read', 'settled') and (${due('lead')} or ${due('update')}
            or exists (select from ledger_row r where r.state in ('submitting', 'pushing') and r.file_id = f.id)))
        limit 1`.execute(db);
      return rows.length > 0;
    },

    async beginRun({ partner, night, hourAt, passed }, actor) {
      const { rows } = await sql<{ files: number }>`
        with looked as (
          update partner_watch set looked_to = ${hourAt} where partner = ${partner} and looked_to < ${hourAt}
          returning partner
        ), run as (
          insert into night_run as n (partner, night, hour_at, passed)
          select partner, ${night}::date, ${hourAt}::timestamptz, ${passed}::int from looked
          on conflict (partner, night) do update set hour_at = excluded.hour_at, begun_at = clock_timestamp(),
            passed = n.passed + excluded.passed
          returning n.partner, n.night, n.hour_at
        ), taken as (
          update file f set run = 'taken', night = run.night, due_at = clock_timestamp()
          from run where f.partner = run.partner and ${waits} returning f.id
        ), audited as (
          -- A schedule of seconds begins a run every few of them: without files it is no news.
          insert into audit_event (actor, action, partner, detail)
          select ${actor}, 'night.begun', run.partner, jsonb_build_object('night', run.night, 'hour', run.hour_at,
            'passed', ${passed}::int, 'files', (select count(*) from taken))
          from run where ${passed}::int > 0 or exists (select from taken)
        ) select (select count(*)::int from taken) as files from run`.execute(db);
      return rows[0]?.files ?? null;
    },

    async takeLatecomers() {
      const { numAffectedRows = 0n } = await sql`
        update file f set run = 'taken', night = n.night, due_at = clock_timestamp()
        from night_run n
        where ${waits} and n.partner = f.partner and n.begun_at >= f.first_seen_at
          and n.begun_at = (select max(begun_at) from night_run where partner = f.partner)`.execute(db);
      return Number(numAffectedRows);
    },

    async letGo(which, night, { actor, reason }) {
      const chosen = 'fileId' in which ? sql`f.id = ${which.fileId}` : sql`f.partner = ${which.partner}`;
      const { rows } = await sql`
        with gone as (
          update file f set run = null, night = ${night}::date, due_at = clock_timestamp()
          where ${chosen} and ${waits} returning f.id, f.partner, f.state
        ), audited as (
          insert into audit_event (actor, action, partner, file_id, to_state, reason)
          select ${actor}, 'file.let_go', partner, id, state, ${reason} from gone
        ) select from gone`.execute(db);
      return rows.length;
    },
  };
}

interface WatchRow {
  readonly now: Date;
  readonly inboxesSince: Date | null;
  readonly watched: readonly {
    readonly partner: string;
    readonly lookedTo: string;
    readonly expects: Readonly<Record<string, string>>;
  }[];
  readonly waiting: Readonly<Record<string, number>>;
}
