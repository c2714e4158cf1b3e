import { sql } from 'kysely';
import type { Instance, LedgerPages, OldestParked } from '../../app/ports/ledger-pages.ts';
import type { AuditLine } from '../../app/ports/ledger.ts';
import type { RowKind } from '../../domain/file-life.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { isAlive } from './instances.ts';
import { rowColumns } from './read-row.ts';
import { resultRows } from './result-rows.ts';
import { createWalkRows } from './walk-rows.ts';
import { whereRows } from './where-rows.ts';
import { fileOf, letsRowsGo } from './work.ts';

/** As many of the oldest rows in a state are asked since when they are in it. */
const oldestAsked = 500;

export function createLedgerPages(db: LedgerDatabase): LedgerPages {
  return {
    walkRows: createWalkRows(db),

    async fileHistory(fileId) {
      const { rows } = await sql<AuditLine>`
        select at, actor, action, from_state as "from", to_state as "to", code, reason, attempt_id as "attemptId"
        from audit_event where file_id = ${fileId} and row_id is null
          -- One for each batch that was read: thousands, of a large file.
          and action <> 'rows.read' order by seq`.execute(db);
      return rows;
    },

    resultRows: (fileId) => resultRows(db, fileId),

    async doubts(filter, after, limit) {
      const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r
        where r.state = 'in_doubt' and ${whereRows(filter)} and r.id > ${after ?? '0'} order by r.id limit ${limit}`.execute(
        db,
      );
      return rows;
    },

    async oldestParked() {
      const oldest = (state: 'failed' | 'in_doubt') => sql`(select kind, partner, state, updated_at from ledger_row
        where state = ${sql.lit(state)} order by id limit ${sql.lit(oldestAsked)})`;
      const { rows } = await sql<OldestParked>`
        select kind, partner, state, min(updated_at) as since
        from (${oldest('in_doubt')} union all ${oldest('failed')}) as r group by kind, partner, state`.execute(db);
      return rows;
    },

    async longestDue() {
      // From file to file in the index, and the first of each.
      const lane = (after: ReturnType<typeof sql>) => sql`select r.kind, r.partner, ${fileOf} as file from ledger_row r
        where r.next_at is not null and ${after} order by r.kind, r.partner, ${fileOf} limit 1`;
      const { rows } = await sql<{ kind: RowKind; dueForMs: number }>`
        with recursive lane as (
          (${lane(sql`true`)})
          union all
          select n.* from lane cross join lateral (
            ${lane(sql`(r.kind, r.partner, ${fileOf}) > (lane.kind, lane.partner, lane.file)`)}) as n
        ), first as (
          select lane.kind, d.next_at from lane left join file f on f.id = lane.file cross join lateral (
            select r.next_at from ledger_row r where r.kind = lane.kind and r.partner = lane.partner
              and ${fileOf} = lane.file and r.next_at is not null order by r.next_at limit 1) as d
          where ${letsRowsGo} and d.next_at <= clock_timestamp()
        ) select kind, (extract(epoch from clock_timestamp() - min(next_at)) * 1000)::float8 as "dueForMs"
          from first group by kind order by kind`.execute(db);
      return rows;
    },

    async instances() {
      const { rows } = await sql<Instance>`
        select id, host, roles, started_at as "startedAt", heartbeat_at as "heartbeatAt", ${isAlive} as "isAlive"
        from worker_instance where drained_at is null and heartbeat_at > clock_timestamp() - interval '1 day'
        order by started_at desc limit 50`.execute(db);
      return rows;
    },
  };
}
