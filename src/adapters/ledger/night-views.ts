import { sql } from 'kysely';
import type { NightRun, NightViews, OpenFile } from '../../app/ports/night-ledger.ts';
import type { LedgerFileView } from '../../app/ports/ledger.ts';
import type { Arrival } from '../../domain/expectation.ts';
import type { StopEvent } from '../../domain/stoppage.ts';
import type { LedgerDatabase } from './database.ts';
import { fileColumns } from './read-file.ts';
import { openRowStates } from './state-lists.ts';
import { tally } from './views.ts';

/** Read models of nights, for people. */
export function createNightViews(db: LedgerDatabase): NightViews {
  return {
    async runsOf(night) {
      const { rows } = await sql<NightRun>`
        select partner, night::text as night, hour_at as "hourAt", begun_at as "begunAt", passed
        from night_run where night = ${night}::date order by partner collate "C"`.execute(db);
      return rows;
    },

    async filesOfNight(night) {
      const { rows } = await sql<LedgerFileView>`select ${fileColumns}, ${tally} from file f
        where f.night = ${night}::date order by f.partner collate "C", f.id`.execute(db);
      return rows;
    },

    async arrivalsSince(moment) {
      const { rows } = await sql<Arrival>`
        select id::text as "fileId", partner, kind, arrived_at as "arrivedAt",
          state in ('rejected', 'quarantined') as "isRefused"
        from file where arrived_at >= ${moment} and (same_as is null or state = 'rejected')
        order by arrived_at, id`.execute(db);
      return rows;
    },

    async openFiles() {
      // Those that may have open rows first: the counters of all files of three months are many.
      const { rows } = await sql<OpenFile>`
        select f.id::text as id, f.partner, f.night::text as night, f.work_since as "workSince",
          f.settled_at is not null as "wasSettled",
          jsonb_object_agg(k.kind, k.counts) as "countsByKind"
        from file f cross join lateral (
          select t.kind, jsonb_object_agg(t.state, t.n) as counts, bool_or(t.state in ${openRowStates}) as is_open
          from file_kind_tally t where t.file_id = f.id and t.n > 0 group by t.kind
        ) as k
        where f.id in (select file_id from file_count where state in ${openRowStates} and n > 0
            union select file_id from file_delta where state in ${openRowStates})
          and f.state in ('read', 'settled') and f.work_since is not null and f.night is not null
        group by f.id having bool_or(k.is_open) order by f.id`.execute(db);
      return rows;
    },

    async stopEvents({ from, to }) {
      const { rows } = await sql<StopEvent>`
        select at, action in ('api.breaker_opened', 'api.halted', 'work.paused') as begins,
          case when action like 'api.breaker%' then 'outage' when action like 'api.halt%' then 'halt' else 'pause' end as kind,
          coalesce(partner, detail ->> 'endpoint') as of, coalesce(code, detail ->> 'cause') as cause, actor, reason
        from audit_event where row_id is null and file_id is null and at >= ${from} and at < ${to}
          and action in ('api.breaker_opened', 'api.breaker_closed', 'api.halted', 'api.halt_ended', 'work.paused',
            'work.resumed')
        order by seq`.execute(db);
      return rows;
    },
  };
}
