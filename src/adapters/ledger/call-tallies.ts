import { sql } from 'kysely';
import type { CallMinute, CallTallies, CallTotal } from '../../app/ports/call-tallies.ts';
import type { LedgerDatabase } from './database.ts';

const keptDays = 14;

export function createCallTallies(db: LedgerDatabase): CallTallies {
  return {
    async add(calls) {
      // In one order, so that two processes never wait for each other crosswise.
      const sorted = calls.toSorted(
        (one, other) => one.endpoint.localeCompare(other.endpoint) || one.outcome.localeCompare(other.outcome),
      );
      const fresh = sql`jsonb_to_recordset(${JSON.stringify(sorted)}::jsonb)
        as c (endpoint text, outcome text, n bigint, ms double precision, buckets bigint[])`;
      await sql`
        with totals as (
          insert into call_total as t (endpoint, outcome, n, ms, buckets)
          select endpoint, outcome, n, ms, buckets from ${fresh}
          on conflict (endpoint, outcome) do update set n = t.n + excluded.n, ms = t.ms + excluded.ms,
            buckets = (select array_agg(a + b order by at)
              from unnest(t.buckets, excluded.buckets) with ordinality as u (a, b, at))
        ), minutes as (
          insert into call_minute as m (minute, endpoint, outcome, n, ms)
          select date_trunc('minute', clock_timestamp()), endpoint, outcome, n, ms from ${fresh}
          on conflict (minute, endpoint, outcome) do update set n = m.n + excluded.n, ms = m.ms + excluded.ms
        ) delete from call_minute where minute < clock_timestamp() - make_interval(days => ${sql.lit(keptDays)})`.execute(
        db,
      );
    },

    async totals() {
      const { rows } = await sql<CallTotal>`select endpoint, outcome, n::float8 as n, ms, buckets::float8[] as buckets
        from call_total order by endpoint, outcome`.execute(db);
      return rows;
    },

    async lastMinutes(minutes) {
      const { rows } = await sql<CallMinute>`select minute, endpoint, outcome, n::float8 as n, ms from call_minute
        where minute > clock_timestamp() - make_interval(mins => ${minutes}) order by minute, endpoint, outcome`.execute(
        db,
      );
      return rows;
    },
  };
}
