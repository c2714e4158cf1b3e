import { sql } from 'kysely';
import type { BacklogMinute, BacklogMinutes } from '../../app/ports/backlog-minutes.ts';
import type { LedgerDatabase } from './database.ts';

const keptDays = 14;

export function createBacklogMinutes(db: LedgerDatabase): BacklogMinutes {
  return {
    async note({ lead, update }) {
      await sql`
        with noted as (
          insert into backlog_minute (minute, kind, rows)
          select date_trunc('minute', clock_timestamp()), kind, rows
          from (values ('lead', ${lead}::bigint), ('update', ${update}::bigint)) as v (kind, rows)
          on conflict do nothing
        ) delete from backlog_minute where minute < clock_timestamp() - make_interval(days => ${sql.lit(keptDays)})`.execute(
        db,
      );
    },
    async lastMinutes(minutes) {
      const { rows } = await sql<BacklogMinute>`select minute, kind, rows::float8 as rows from backlog_minute
        where minute > clock_timestamp() - make_interval(mins => ${minutes}) order by minute, kind`.execute(db);
      return rows;
    },
  };
}
