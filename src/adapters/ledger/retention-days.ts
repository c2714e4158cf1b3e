import { sql } from 'kysely';
import type { RetentionDay, RetentionDays } from '../../app/ports/retention-days.ts';
import type { LedgerDatabase } from './database.ts';

/** A page looks at no more events: what a large stock leaves behind in a day. */
const mostEvents = 20_000;
/** Behind every event there is. */
const end = '9223372036854775807';

/** As the index says it, or the planner does not know it again. */
const ofRetention = sql.raw(`action in
  ('retention.run', 'rows.destroyed', 'rows.blocked', 'file.removed', 'key.destroyed')`);

export function createRetentionDays(db: LedgerDatabase): RetentionDays {
  return {
    async page({ before, limit, timeZone }) {
      const { rows } = await sql<RetentionDay & { readonly first: string; readonly looked: number }>`
        with looked as (
          select * from audit_event where ${ofRetention} and seq < ${before ?? end}
          order by seq desc limit ${sql.lit(mostEvents)}
        ) select (at at time zone ${timeZone}::text)::date::text as date, actor,
            max(reason) filter (where action = 'retention.run') as reason,
            coalesce(array_agg(distinct partner order by partner) filter (where partner is not null), '{}') as partners,
            coalesce(sum((detail ->> 'rows')::int) filter (where action = 'rows.destroyed'), 0)::int as destroyed,
            coalesce(sum((detail ->> 'rows')::int) filter (where action = 'rows.blocked'), 0)::int as blocked,
            (count(*) filter (where action = 'file.removed' and detail ->> 'what' = 'bytes'))::int as files,
            (count(*) filter (where action = 'file.removed' and detail ->> 'what' = 'results'))::int as results,
            (count(*) filter (where action = 'key.destroyed'))::int as keys,
            max(at) as "lastAt", min(seq)::text as first, (select count(*)::int from looked) as looked
          from looked group by 1, 2 order by date desc, max(seq) desc`.execute(db);
      const shown = rows.slice(0, limit);
      const isCutOff = rows[0]?.looked === mostEvents;
      const last = shown.reduce<bigint | null>((least, { first }) => {
        const seq = BigInt(first);
        return least === null || seq < least ? seq : least;
      }, null);
      return {
        days: shown.map(({ first: _first, looked: _looked, ...day }) => day),
        next: last !== null && (rows.length > limit || isCutOff) ? String(last) : null,
      };
    },
  };
}
