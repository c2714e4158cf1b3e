import { sql } from 'kysely';
import type { ErasureLedger } from '../../app/ports/erasure-ledger.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { rowColumns } from './read-row.ts';
import { openRowStates, unsentStates } from './state-lists.ts';

/** Of row `r`: what became of its request is not known yet. A person, or the answer, ends that. */
export const waits = sql.raw(`r.state in ('submitting', 'pushing', 'in_doubt')`);

/**
 * A row without its person: outcome, leadId, identity, times and audit events stay. What was not sent is cancelled. A create
 * without an answer that waited to be repeated is in doubt from now on: it must not be sent again, and may have been carried
 * out. Each counts a version, since the result of its file says something else now.
 */
export function createEraseRows(db: LedgerDatabase): Pick<ErasureLedger, 'rowsToErase' | 'eraseRows'> {
  return {
    async rowsToErase(after, limit) {
      const { rows } = await sql<LedgerRow>`select ${rowColumns} from erasing_row x join ledger_row r on r.id = x.row_id
        where x.row_id > ${after} and not ${waits} order by x.row_id limit ${limit}`.execute(db);
      return rows;
    },

    async eraseRows(rows, actor) {
      if (rows.length === 0) return 0;
      const { rows: done } = await sql<{ erased: number }>`
        with input as materialized (
          select * from unnest(${rows.map(({ id }) => id)}::bigint[],
            ${rows.map(({ payload }) => Buffer.from(payload))}::bytea[]) as i(id, payload)
        ), locked as materialized (
          -- Marked still: another process may be at the same rows.
          select r.id, r.state as old_state, x.erasure_id, i.payload as blank, case
            when r.kind = 'lead' and r.state in ('waiting', 'checked') and r.code = 'API_NO_ANSWER' then 'in_doubt'
            when r.state in ${unsentStates} or r.state = 'failed' then 'cancelled'
            else r.state end as new_state
          from input i join erasing_row x on x.row_id = i.id join ledger_row r on r.id = i.id
          where not ${waits} order by r.id for no key update of r
        ), doubted as (
          update ledger_row r set state = l.new_state, step = null, next_at = null, version = r.version + 1,
            updated_at = clock_timestamp()
          from locked l where r.id = l.id and l.new_state = 'in_doubt'
          returning r.id, r.kind, r.partner, r.file_id, r.fence, r.version, r.state, r.code, r.followed, l.old_state,
            l.erasure_id
        ), erased as (
          update ledger_row r set state = l.new_state, version = r.version + 1, updated_at = clock_timestamp(),
            code = case when l.new_state <> l.old_state then 'ROW_ERASED' else r.code end,
            step = case when l.new_state <> l.old_state then null else r.step end, next_at = null,
            problems = (select coalesce(jsonb_agg(jsonb_build_object('code', p -> 'code')), '[]')
              from jsonb_array_elements(r.problems) as p),
            warnings = '[]', payload = l.blank, message = null, client_answer = null, content = null,
            erasure_id = l.erasure_id
          from locked l where r.id = l.id and l.new_state <> 'in_doubt'
          returning r.id, r.kind, r.partner, r.file_id, r.fence, r.version, r.state, r.code, r.followed, l.old_state,
            l.erasure_id
        ), changed as (
          select *, 'row.repeat_stopped' as action from doubted union all select *, 'row.erased' from erased
        ), unmarked as (
          delete from erasing_row where row_id in (select id from erased)
        ), marked as (
          insert into erasing_file (file_id) select distinct file_id from erased where file_id is not null order by file_id
          on conflict (file_id) do update set mark = erasing_file.mark + 1
        ), word as (
          insert into row_ended (row_id) select id from changed
          where followed and state <> old_state and state not in ${openRowStates} order by id
        ), counted as (
          insert into file_delta (file_id, kind, state, n, moves)
          select file_id, kind, state, sum(n), sum(moves) from (
            select file_id, kind, old_state as state, -1 as n, 0 as moves from changed
            union all select file_id, kind, state, 1, 1 from changed
          ) as parts where file_id is not null group by 1, 2, 3
        ), audited as (
          insert into audit_event (actor, action, partner, file_id, row_id, from_state, to_state, fence, version, code, detail)
          select ${actor}, action, partner, file_id, id, nullif(old_state, state),
            case when state <> old_state then state end, fence, version,
            case when state <> old_state then code end, jsonb_build_object('erasure', erasure_id)
          from changed order by id
        ) select count(*)::int as erased from erased`.execute(db);
      return done[0]?.erased ?? 0;
    },
  };
}
