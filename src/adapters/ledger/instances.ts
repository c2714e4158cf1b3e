import { sql } from 'kysely';
import type { FencedAnswer, InstanceLedger } from '../../app/ports/ledger.ts';
import type { LedgerDatabase } from './database.ts';

/** A service is taken for alive so long after its last heartbeat; heartbeats come every 5 s. */
const aliveSeconds = 15;

export const isAlive = sql.raw(
  `drained_at is null and heartbeat_at > clock_timestamp() - make_interval(secs => ${aliveSeconds})`,
);

export function createInstanceLedger(db: LedgerDatabase): InstanceLedger {
  return {
    async enrol({ id, host, pid, roles, about = {} }) {
      await sql`
        with enrolled as (
          insert into worker_instance (id, host, pid, roles) values (${id}, ${host}, ${pid}, ${roles}) returning *
        ) insert into audit_event (actor, action, detail)
          select id, 'service.started', jsonb_build_object('host', host, 'pid', pid, 'roles', roles)
            || ${JSON.stringify(about)}::jsonb from enrolled`.execute(db);
    },
    async heartbeat(id) {
      await sql`update worker_instance set heartbeat_at = clock_timestamp() where id = ${id}`.execute(db);
    },
    async drained(id) {
      await sql`
        with seen as (
          select id, drained_at from worker_instance where id = ${id} for update
        ), ended as (
          update worker_instance i set drained_at = clock_timestamp(), heartbeat_at = clock_timestamp()
          from seen s where i.id = s.id returning i.id, s.drained_at is null as is_first
        ) insert into audit_event (actor, action, detail)
          select id, 'service.stopped', '{"drained": true}' from ended where is_first`.execute(db);
    },
    async serviceAlive(role) {
      const { rows } =
        await sql`select from worker_instance where ${role} = any (roles) and ${isAlive} limit 1`.execute(db);
      return rows.length > 0;
    },
    async noteInboxes(id, notes) {
      await sql`update worker_instance set inboxes = (
          select coalesce(jsonb_agg(n - 'arrivingForMs' || jsonb_build_object('arrivingSince',
            case when (n->>'arriving')::int > 0
              then clock_timestamp() - (n->>'arrivingForMs')::float8 * interval '1 millisecond' end)), '[]')
          from jsonb_array_elements(${JSON.stringify(notes)}::jsonb) as n
        ) where id = ${id}`.execute(db);
    },
    async noteTroubles(id, code, troubles) {
      await sql`update worker_instance i set troubles = (
          select coalesce(jsonb_agg(t.trouble), '[]') from (
            select o as trouble from jsonb_array_elements(i.troubles) as o where o->>'code' <> ${code}
            union all
            select n || jsonb_build_object('code', ${code}::text, 'since', coalesce(
              (select o->'since' from jsonb_array_elements(i.troubles) as o
                where o->>'code' = ${code} and o->>'partner' is not distinct from n->>'partner' limit 1),
              to_jsonb(clock_timestamp())))
            from jsonb_array_elements(${JSON.stringify(troubles)}::jsonb) as n
          ) as t
        ) where id = ${id}`.execute(db);
    },
    async holderFenced(rowId, { deadlineMs, quietPeriodMs }) {
      const deadline = sql`${deadlineMs}::float8 * interval '1 millisecond'`;
      const quiet = sql`${quietPeriodMs}::float8 * interval '1 millisecond'`;
      const { rows } = await sql<FencedAnswer>`
        with seen as (
          select r.intent_at, i.drained_at, i.heartbeat_at, clock_timestamp() as now
          from ledger_row r left join worker_instance i on i.id = r.holder where r.id = ${rowId}
        ), judged as (
          select
            -- Drained; or alive past its own deadline, so its budget is spent; or silent for the quiet period.
            coalesce(drained_at >= intent_at, false) or coalesce(heartbeat_at > intent_at + ${deadline}, false)
              or greatest(heartbeat_at, intent_at) + ${quiet} <= now as fenced,
            intent_at + ${quiet} <= now as quiet,
            greatest(0, extract(epoch from intent_at + ${quiet} - now),
              case when drained_at >= intent_at or heartbeat_at > intent_at + ${deadline} then 0
                else extract(epoch from greatest(heartbeat_at, intent_at) + ${quiet} - now) end) * 1000 as wait
          from seen
        )
        select coalesce(fenced, true) as fenced, coalesce(quiet, true) as quiet, coalesce(wait, 0)::float8 as "waitMs"
        from judged`.execute(db);
      return rows[0] ?? { fenced: true, quiet: true, waitMs: 0 };
    },
  };
}
