import { sql } from 'kysely';
import type { DueRow, WorkLedger } from '../../app/ports/ledger.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { createFollowLeads } from './follow-leads.ts';
import { rowColumns } from './read-row.ts';
import { isHeld } from './update-order.ts';

/** What the feeder, the workers and the sweeper ask. */
export function createWorkLedger(db: LedgerDatabase): WorkLedger {
  return {
    followLeads: createFollowLeads(db),

    async row(id) {
      const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r where r.id = ${id}`.execute(db);
      return rows[0] ?? null;
    },

    async partnersWithWork(kind) {
      // Jumps from partner to partner in the index instead of reading every due row.
      const { rows } = await sql<{ partner: string }>`
        with recursive jump as (
          (select partner from ledger_row where kind = ${kind} and next_at is not null order by partner limit 1)
          union all
          select (select r.partner from ledger_row r
            where r.kind = ${kind} and r.next_at is not null and r.partner > jump.partner order by r.partner limit 1)
          from jump where jump.partner is not null
        ) select partner from jump where partner is not null and exists (
          select from ledger_row r where r.kind = ${kind} and r.partner = jump.partner
            and r.next_at <= clock_timestamp()) and exists (
          select from ledger_row d where d.kind = ${kind} and d.partner = jump.partner and d.next_at <= clock_timestamp())`.execute(
        db,
      );
      return rows.map((row) => row.partner);
    },

    async dueRows(kind, partner, after, limit) {
      const since =
        after === null ? sql`true` : sql`(r.next_at, r.id) > (${after.nextAt}::timestamptz, ${after.id}::bigint)`;
      const { rows } = await sql<DueRow>`
        select id::text as id, version, to_char(next_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "nextAt"
        from ledger_row r where kind = ${kind} and partner = ${partner} and next_at <= clock_timestamp() and ${since}
        -- The column, not the text above: as texts 99 comes after 100, and the cursor would pass over rows.
        order by r.next_at, r.id limit ${limit}`.execute(db);
      return rows;
    },

    async orphans(patienceMs, limit) {
      const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r
        where r.state in ('submitting', 'pushing')
          and r.intent_at < clock_timestamp() - ${patienceMs}::float8 * interval '1 millisecond'
        order by r.intent_at limit ${limit}`.execute(db);
      return rows;
    },

    async wakeUpdates() {
      const { numAffectedRows } = await sql`
        with ready as (
          select u.id from ledger_row u
          where u.kind = 'update' and u.state = 'waiting' and u.next_at > clock_timestamp()
            and (
              (u.code = 'ROW_LEAD_NOT_REGISTERED_YET' and exists (
                select from ledger_row l where l.kind = 'lead' and l.partner = u.partner
                  and (l.id = u.lead_row or (u.lead_row is null and l.partner_lead_id = u.partner_lead_id))
                  and l.state not in ('received', 'waiting', 'checked', 'submitting', 'in_doubt', 'failed',
                    'registered_without_id', 'duplicate')))
              or (u.code = 'ROW_UPDATE_HELD' and exists (
                select from ledger_row l where l.id = u.lead_row and not ${isHeld}))
            )
          order by u.id limit 1000 for no key update skip locked
        ) update ledger_row u set next_at = clock_timestamp() from ready where u.id = ready.id`.execute(db);
      return Number(numAffectedRows ?? 0);
    },

    async sumUp() {
      await sql`
        with gone as (
          delete from file_delta where id in (select id from file_delta order by id limit 20000)
          returning file_id, state, n, moves
        ) insert into file_count as c (file_id, state, n, moves)
          select file_id, state, sum(n), sum(moves) from gone group by 1, 2
          on conflict (file_id, state) do update set n = c.n + excluded.n, moves = c.moves + excluded.moves`.execute(
        db,
      );
    },
  };
}
