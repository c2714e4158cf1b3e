import { sql } from 'kysely';
import type { GapLedger, PutInDoubt, UnansweredRow } from '../../app/ports/gap-ledger.ts';
import type { LedgerDatabase } from './database.ts';
import { isAlive } from './instances.ts';
import { rowColumns } from './read-row.ts';
import { endedLeadStates, identityStates } from './state-lists.ts';

const unansweredAtOnce = 1_000;

/** States in which the ledger has a verdict of its own on the lead. */
const judgedStates = sql.raw(`('registered', 'registered_without_id', 'abandoned')`);

const reasonOf = (host: string) => `LEDGER_BEHIND: the ledger does not know requests that ${host} has sent`;

export function createGapLedger(db: LedgerDatabase): GapLedger {
  return {
    async unanswered(holders, ended) {
      const { rows } = await sql<UnansweredRow>`select ${rowColumns}, r.code = 'API_NO_ANSWER' is true
          or r.kind = 'lead' and exists (select from attempt e where e.row_id = r.id and e.id <> a.id and e.step = 'create'
            and (e.ended_at is null or e.outcome = 'ambiguous')) as "isRepeated"
        from (
          -- One branch for each partial index: together they would be a look at every row.
          select * from ledger_row where state in ('submitting', 'pushing')
          union all select * from ledger_row where state = 'in_doubt'
          union all select * from ledger_row where kind = 'update' and state = 'waiting' and code = 'API_UNAVAILABLE'
        ) as r
        join attempt a on a.id = r.attempt_id and a.ended_at is null
        where r.holder = any (${holders})
          and (r.holder = any (${ended})
            or not exists (select from worker_instance i where i.id = r.holder and ${isAlive}))
        order by r.id limit ${unansweredAtOnce}`.execute(db);
      return rows;
    },

    async missing(attempts) {
      const { rows } = await sql<{ id: string }>`
        select w.id from unnest(${attempts}::uuid[]) as w(id)
        where not exists (select from attempt a where a.id = w.id)
          and not exists (select from recovered_attempt r where r.id = w.id)`.execute(db);
      return rows.map((row) => row.id);
    },

    async noteGap({ spool, host, attempts, highestRow, actor }) {
      const { rows: known } = await sql`select from ledger_gap where spool = ${spool}`.execute(db);
      if (known.length > 0) {
        // `resume` may have looked just before it was noted.
        await sql`insert into work_pause (partner, actor, reason)
          select '', ${actor}, ${reasonOf(host)} from ledger_gap where spool = ${spool}
          on conflict (partner) do nothing`.execute(db);
        return false;
      }
      const highest = await highestRow();
      const { rows } = await sql`
        with noted as (
          insert into ledger_gap (spool, host, attempts) values (${spool}, ${host}, ${attempts})
          on conflict (spool) do nothing returning host
        ), paused as (
          insert into work_pause (partner, actor, reason)
          select '', ${actor}, ${reasonOf(host)} from noted
          on conflict (partner) do nothing
        ), audited as (
          insert into audit_event (actor, action, code, detail)
          select ${actor}, 'ledger.behind', 'LEDGER_BEHIND', jsonb_build_object('host', host, 'attempts', ${attempts}::int)
          from noted
        ), numbered as (
          -- Never back: a file is being read, and the numbers that it was given are not to be seen here yet.
          select setval(sequence, ${highest}::bigint)
          from noted cross join (select pg_get_serial_sequence('ledger_row', 'id')::regclass as sequence) as s
          where ${highest}::bigint > coalesce(pg_sequence_last_value(sequence), 0)
        ) select (select count(*) from numbered) from noted`.execute(db);
      return rows.length > 0;
    },

    async gaps() {
      const { rows } = await sql<{ spool: string; host: string; since: Date }>`
        select spool::text as spool, host, since from ledger_gap order by since`.execute(db);
      return rows;
    },

    async putInDoubt(lost, { actor, reason }) {
      const input = JSON.stringify(
        lost.map(({ payload, ...create }) => ({ ...create, payload: `\\x${Buffer.from(payload).toString('hex')}` })),
      );
      const { rows } = await sql<PutInDoubt>`
        with input as materialized (
          select * from jsonb_to_recordset(${input}::jsonb) as i("attemptId" uuid, instance text, at timestamptz,
            partner text, identity uuid, content uuid, "keyId" int, payload bytea)
        ), found as materialized (
          select i.*, e.id as row_id from input i left join lateral (
            (select id from ledger_row held where held.kind = 'lead' and held.partner = i.partner
              and held.identity = i.identity and held.state in ${identityStates})
            union all
            (select id from ledger_row ended where ended.kind = 'lead' and ended.partner = i.partner
              and ended.identity = i.identity and ended.state in ${endedLeadStates} order by ended.id desc limit 1)
            limit 1
          ) as e on true
        ), locked as materialized (
          -- As it is now and not as it was seen: one that has moved in this moment must not be left to be sent.
          select r.id, r.state as old_state from ledger_row r where r.id = any (array(select row_id from found))
          order by r.id for no key update
        ), moved as (
          update ledger_row r set state = 'in_doubt', version = r.version + 1, fence = r.fence + 1, next_at = null,
            step = null, code = 'LEDGER_BEHIND', holder = f.instance, attempt_id = f."attemptId", intent_at = f.at,
            updated_at = clock_timestamp()
          from found f join locked l on l.id = f.row_id
          where r.id = f.row_id and l.old_state not in ${judgedStates}
          returning r.id, r.partner, r.file_id, r.fence, r.version, r.attempt_id, l.old_state, r.followed
        ), entered as (
          insert into ledger_row (kind, partner, state, code, identity, content, key_id, payload, fence, version, holder,
            attempt_id, intent_at)
          select 'lead', partner, 'in_doubt', 'LEDGER_BEHIND', identity, content, "keyId", payload, 1, 1, instance,
            "attemptId", at from found where row_id is null
          returning id, partner, file_id, fence, version, attempt_id, null::text as old_state, followed
        ), changed as (
          select * from moved union all select * from entered
        ), begun as (
          insert into attempt (id, row_id, step, fence, instance, begun_at)
          select c.attempt_id, c.id, 'create', c.fence, f.instance, f.at
          from changed c join found f on f."attemptId" = c.attempt_id
        ), counted as (
          insert into file_delta (file_id, kind, state, n, moves)
          select file_id, 'lead', old_state, -count(*), 0 from moved where file_id is not null group by 1, 3
          union all select file_id, 'lead', 'in_doubt', count(*), count(*) from moved where file_id is not null group by 1
        ), audited as (
          insert into audit_event (actor, action, partner, file_id, row_id, attempt_id, from_state, to_state, fence,
            version, code, reason)
          select ${actor}, 'row.recovered', partner, file_id, id, attempt_id, old_state, 'in_doubt', fence, version,
            'LEDGER_BEHIND', ${reason} from changed order by id
        ) select attempt_id as "attemptId", id::text as "rowId", fence, old_state is null as "isNew" from changed`.execute(
        db,
      );
      return rows;
    },

    async settle(attempts) {
      await sql`insert into recovered_attempt (id) select * from unnest(${attempts}::uuid[])
        on conflict (id) do nothing`.execute(db);
    },

    async endGap(spool, { actor, reason }) {
      await sql`with ended as (delete from ledger_gap where spool = ${spool} returning host)
        insert into audit_event (actor, action, code, reason, detail)
        select ${actor}, 'ledger.recovered', 'LEDGER_BEHIND', ${reason}, jsonb_build_object('host', host)
        from ended`.execute(db);
    },
  };
}
