import { sql } from 'kysely';
import type {
  AttemptLine,
  AuditLine,
  InboxView,
  LedgerFile,
  LedgerFileView,
  LedgerViews,
  ServiceTroubleView,
} from '../../app/ports/ledger.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { isAlive } from './instances.ts';
import { fileColumns } from './read-file.ts';
import { rowColumns } from './read-row.ts';
import { hasOther, isHeld, oldestFirst } from './update-order.ts';
import { whereRows } from './where-rows.ts';

type Count = Awaited<ReturnType<LedgerViews['counts']>>[number];

/** Counts of a file by state, from the counters; and of a held one the rows that it does not let go. */
export const tally = sql.raw(`coalesce((select jsonb_object_agg(t.state, t.n) from file_tally t
  where t.file_id = f.id and t.n > 0), '{}') as counts,
  coalesce((select jsonb_object_agg(k.kind, k.counts) from (
    select t.kind, jsonb_object_agg(t.state, t.n) as counts from file_kind_tally t
    where t.file_id = f.id and t.n > 0 group by t.kind) as k), '{}') as "countsByKind",
  case when f.state <> 'held' then 0 else (
    (select coalesce(sum(t.n), 0) from file_tally t
      where t.file_id = f.id and t.state in ('received', 'waiting', 'checked'))
    - (select count(*) from ledger_row h where h.file_id = f.id and h.row_number <= f.let_through_to
      and h.state in ('received', 'waiting', 'checked')))::int end as "heldBack"`);

/** Read models for people: newest first, never more than `limit`. */
export function createLedgerViews(db: LedgerDatabase): LedgerViews {
  return {
    async counts() {
      const { rows } = await sql<Count>`
        select kind, partner, state, sum(n)::int as n from (
          select t.kind, f.partner, t.state, t.n from file_kind_tally t join file f on f.id = t.file_id
          union all
          select kind, partner, state, 1 from ledger_row where file_id is null
        ) as parts group by kind, partner, state having sum(n) > 0 order by kind, partner, state`.execute(db);
      return rows;
    },

    async files({ partner, state, belowId, limit }) {
      const { rows } = await sql<LedgerFileView>`select ${fileColumns}, ${tally} from file f
        where (${partner ?? null}::text is null or f.partner = ${partner ?? null})
          and (${state ?? null}::text is null or f.state = ${state ?? null})
          and (${belowId ?? null}::bigint is null or f.id < ${belowId ?? null})
        order by f.id desc limit ${limit}`.execute(db);
      return rows;
    },

    async newestFiles(limit) {
      const { rows } =
        await sql<LedgerFile>`select ${fileColumns} from file f order by f.id desc limit ${limit}`.execute(db);
      return rows;
    },

    async fileView(id) {
      const { rows } = await sql<LedgerFileView>`
        select ${fileColumns}, ${tally} from file f where f.id = ${id}`.execute(db);
      return rows[0] ?? null;
    },

    async inboxes() {
      // Services that watch the same folders see the same files.
      const { rows } = await sql<InboxView>`
        select partner, max(arriving) as arriving, min("arrivingSince") as "arrivingSince",
          max("passedOver") as "passedOver", max(stuck) as stuck, max(trouble) as trouble
        from worker_instance cross join jsonb_to_recordset(inboxes) as n (partner text, arriving int,
          "arrivingSince" timestamptz, "passedOver" int, stuck int, trouble text)
        where ${isAlive} group by partner order by partner collate "C"`.execute(db);
      return rows;
    },

    async serviceTroubles() {
      const { rows } = await sql<ServiceTroubleView>`
        select t.code, t.partner, t.files, t.system, host, pid, t.since
        from worker_instance cross join jsonb_to_recordset(troubles) as t (code text, partner text, files int,
          system text, since timestamptz)
        where ${isAlive} order by t.since, id`.execute(db);
      return rows;
    },

    async rows(filter) {
      const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r
        where ${whereRows(filter)} order by r.id desc limit ${filter.limit}`.execute(db);
      return rows;
    },

    async findRows({ text, partnerLeadIdMacs }) {
      const id = /^\d{1,18}$/.test(text) ? text : null;
      const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r
        where r.id in (
          -- One index each: an OR over four columns would read the whole table.
          select ${id}::bigint
          union select id from ledger_row where kind = 'lead' and lead_id = ${text}
          union select id from ledger_row where id_landing = ${text}
          union select id from ledger_row where kind = 'lead' and partner_lead_id = any (${partnerLeadIdMacs}::uuid[]))
        order by r.id desc limit 50`.execute(db);
      return rows;
    },

    async updatesOf(leadRow) {
      const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r
        where r.kind = 'update' and r.lead_row = ${leadRow}
        order by ${oldestFirst}`.execute(db);
      return rows;
    },

    async history(rowId) {
      const { rows } = await sql<AuditLine>`
        select at, actor, action, from_state as "from", to_state as "to", code, reason, attempt_id as "attemptId"
        from audit_event where row_id = ${rowId} order by seq`.execute(db);
      return rows;
    },

    async attempts(rowId) {
      const { rows } = await sql<AttemptLine>`
        select id, step, fence, instance, begun_at as "begunAt", ended_at as "endedAt", evidence,
          http_status as "httpStatus", outcome, code, lead_id as "leadId"
        from attempt where row_id = ${rowId} order by begun_at, id`.execute(db);
      return rows;
    },

    async goesOnSoon(fileId) {
      const { rows } = await sql`
        select from ledger_row u left join ledger_row l on l.id = u.lead_row
        where u.file_id = ${fileId} and u.kind = 'update' and u.state = 'waiting' and case u.code
          when 'ROW_UPDATE_HELD' then not ${isHeld} or ${hasOther(sql`o.state in ('received', 'pushing')`)}
            or exists (select from file f where f.partner = u.partner and f.kind <> 'leads'
              and f.state in ('arrived', 'reading'))
          when 'ROW_LEAD_NOT_REGISTERED_YET' then exists (select from ledger_row d where d.kind = 'lead'
            and d.partner = u.partner and (d.id = u.lead_row or (u.lead_row is null and d.partner_lead_id = u.partner_lead_id))
            and d.state in ('received', 'checked', 'submitting', 'registered')) end
        limit 1`.execute(db);
      return rows.length > 0;
    },

    async countExactly(fileId) {
      const { rows } = await sql<{ state: string; n: number }>`
        select state, count(*)::int as n from ledger_row where file_id = ${fileId} group by state`.execute(db);
      return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
    },
  };
}
