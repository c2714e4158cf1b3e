import { sql } from 'kysely';
import type {
  ClaimedDelivery,
  Delivery,
  DeliveryLedger,
  Target,
  TargetTrouble,
} from '../../app/ports/delivery-ledger.ts';
import type { DeliveryCode } from '../../domain/delivery.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { rowColumns } from './read-row.ts';
import { rowsById } from './rows-by-id.ts';

/** Longer than a try may take; what a dead process was at goes on after it. */
const claimMs = 120_000;

/** What ended so long ago nobody asks for any more: the audit log knows what was given up. */
const keptDays = 90;

/** So many at once to one receiver: one that is slow keeps nobody else waiting. */
const atOnce = 2;

/** Of what was dropped: nobody has to see to it. */
const notConfigured: DeliveryCode = 'DELIVERY_NOT_CONFIGURED';

const columns =
  sql.raw(`d.id::text as id, d.about, d.channel, nullif(d.recipient, '') as recipient, d.night::text as night,
  d.file_id::text as "fileId", d.version, d.state, d.tries, d.created_at as "createdAt",
  case when d.state = 'pending' then d.next_at end as "nextAt", d.ended_at as "endedAt", d.code,
  d.http_status as "httpStatus"`);

export function createDeliveryLedger(db: LedgerDatabase): DeliveryLedger {
  return {
    async lastNight() {
      const { rows } = await sql<{ night: string | null; now: Date }>`
        select max(night)::text as night, clock_timestamp() as now from night_end`.execute(db);
      const [found] = rows;
      if (found === undefined) throw new Error('no last night');
      return found;
    },

    async endNight(night, summary, targets, actor) {
      const { rows } = await sql`
        with ended as (
          insert into night_end (night, summary) values (${night}::date, ${JSON.stringify(summary)}::jsonb)
          on conflict (night) do nothing returning night
        ), told as (
          insert into delivery (about, channel, recipient, lane, night)
          select 'night', t.channel, coalesce(t.recipient, ''), 'night ' || ended.night, ended.night
          from ended, jsonb_to_recordset(${JSON.stringify(targets)}::jsonb) as t (channel text, recipient text)
        ) insert into audit_event (actor, action, detail)
          select ${actor}, 'night.ended', jsonb_build_object('night', night, 'told', ${targets.length}::int) from ended
        returning seq`.execute(db);
      return rows.length > 0;
    },

    async claimDue(channels, limit) {
      const { rows } = await sql<ClaimedDelivery>`
        with under_way as (
          select channel, recipient, count(*) as n from delivery
          where state = 'pending' and claimed_until >= clock_timestamp() group by channel, recipient
        ), due as (
          select d.id,
            row_number() over (partition by d.channel, d.recipient order by d.id) + coalesce(u.n, 0) as turn
          from delivery d left join delivery_target t on t.channel = d.channel and t.recipient = d.recipient
            left join under_way u on u.channel = d.channel and u.recipient = d.recipient
          where d.state = 'pending' and d.channel = any (${channels}::text[]) and d.next_at <= clock_timestamp()
            and (d.claimed_until is null or d.claimed_until < clock_timestamp()) and t.stopped_at is null
            -- One lane for each receiver: a mail that does not get through keeps no webhook back.
            and not exists (select from delivery e where e.state = 'pending' and e.lane = d.lane and e.id < d.id
              and e.channel = d.channel and e.recipient = d.recipient)
        ), taken as (
          update delivery set tries = tries + 1,
            claimed_until = clock_timestamp() + ${claimMs}::float8 * interval '1 millisecond'
          where id in (select id from due where turn <= ${atOnce} order by id limit ${limit}) and state = 'pending'
            and (claimed_until is null or claimed_until < clock_timestamp())
          returning *
        ) select ${columns}, coalesce(n.summary, d.payload) as payload, d.told_to as "toldTo",
            d.claimed_until::text as claim, (
              -- Rows that have not moved since a version that told its rows was issued are not told again, with room for
              -- transactions that had not ended by then.
              select max(e.created_at) - interval '10 minutes' from delivery e
              where e.file_id = d.file_id and e.channel = d.channel and e.recipient = d.recipient
                and e.version < d.version and e.state = 'delivered' and (e.payload ->> 'withRows')::boolean
            ) as "rowsSince",
            extract(epoch from clock_timestamp() - d.due_since)::float8 * 1000 as "ageMs",
            coalesce(extract(epoch from clock_timestamp() - t.failing_since)::float8 * 1000, 0) as "failingForMs"
          from taken d left join night_end n on n.night = d.night
          left join delivery_target t on t.channel = d.channel and t.recipient = d.recipient order by d.id`.execute(db);
      return rows;
    },

    async delivered({ id, claim, channel, recipient }, httpStatus) {
      await sql`
        with done as (
          update delivery set state = 'delivered', claimed_until = null, code = null, http_status = ${httpStatus}::int,
            ended_at = clock_timestamp()
          where id = ${id} and state = 'pending' and claimed_until = ${claim}::timestamptz returning id
        ) insert into delivery_target (channel, recipient, delivered_at) values (${channel}, ${recipient ?? ''}, clock_timestamp())
          on conflict (channel, recipient) do update set delivered_at = excluded.delivered_at, failing_since = null,
            code = null, http_status = null`.execute(db);
    },

    async toldTo({ id, claim, channel, recipient }, place) {
      await sql`
        with next as (
          update delivery set told_to = ${JSON.stringify(place)}::jsonb, tries = 0, claimed_until = null, code = null,
            http_status = null
          where id = ${id} and state = 'pending' and claimed_until = ${claim}::timestamptz
        ) update delivery_target set failing_since = null, code = null, http_status = null
          where channel = ${channel} and recipient = ${recipient ?? ''} and failing_since is not null`.execute(db);
    },

    async dropped({ id, claim, channel, recipient }) {
      await sql`
        with gone as (
          update delivery set state = 'given_up', claimed_until = null, code = ${notConfigured}, http_status = null,
            ended_at = clock_timestamp()
          where id = ${id} and state = 'pending' and claimed_until = ${claim}::timestamptz
        ) update delivery_target set failing_since = null, stopped_at = null, code = null, http_status = null
          where channel = ${channel} and recipient = ${recipient ?? ''}`.execute(db);
    },

    async failed({ id, claim, channel, recipient }, { code, httpStatus, delayMs, stop }, actor) {
      const state = delayMs === null ? 'given_up' : 'pending';
      await sql`
        with tried as (
          update delivery set state = ${state}, claimed_until = null, code = ${code}, http_status = ${httpStatus}::int,
            next_at = clock_timestamp() + ${delayMs ?? 0}::float8 * interval '1 millisecond',
            ended_at = case when ${state} = 'given_up' then clock_timestamp() end
          where id = ${id} and state = 'pending' and claimed_until = ${claim}::timestamptz returning id, file_id, night
        ), audited as (
          insert into audit_event (actor, action, partner, file_id, code, detail)
          select ${actor}, 'delivery.given_up', ${recipient}::text, file_id, ${code}::text,
            jsonb_build_object('delivery', id, 'channel', ${channel}::text, 'night', night)
          from tried where ${state} = 'given_up'
        ), stopped as (
          insert into audit_event (actor, action, partner, code, detail)
          select ${actor}, 'delivery.stopped', ${recipient}::text, ${code}::text,
            jsonb_build_object('channel', ${channel}::text)
          where ${stop}::boolean
        ) insert into delivery_target as t (channel, recipient, failing_since, code, http_status, stopped_at)
          values (${channel}, ${recipient ?? ''}, clock_timestamp(), ${code}, ${httpStatus}::int,
            case when ${stop}::boolean then clock_timestamp() end)
          on conflict (channel, recipient) do update set failing_since = coalesce(t.failing_since, excluded.failing_since),
            code = excluded.code, http_status = excluded.http_status,
            stopped_at = coalesce(t.stopped_at, excluded.stopped_at)`.execute(db);
    },

    async settledRows(fileId, { after, since, limit }) {
      const { rowNumber, kind } = after ?? { rowNumber: 0, kind: '' };
      const moved = sql`(r.updated_at >= ${since}::timestamptz or exists (select from ledger_row o
        where o.id = r.duplicate_of and o.updated_at >= ${since}::timestamptz))`;
      const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r
        where r.file_id = ${fileId} and (r.row_number, r.kind) > (${rowNumber}::int, ${kind}::text)
          and ${since === null ? sql`true` : moved}
        order by r.row_number, r.kind limit ${limit}`.execute(db);
      const originals = await rowsById(
        db,
        rows.flatMap((row) => row.duplicateOf ?? []),
      );
      return rows.map((row) => ({
        row,
        original: row.duplicateOf === null ? null : (originals.get(row.duplicateOf) ?? null),
      }));
    },

    async troubles() {
      const { rows } = await sql<TargetTrouble>`
        select t.channel, nullif(t.recipient, '') as recipient, t.failing_since as "failingSince", t.code,
          t.http_status as "httpStatus", t.stopped_at as "stoppedAt",
          coalesce(d.waiting, 0) as waiting, coalesce(d.given_up, 0) as "givenUp"
        from delivery_target t left join (
          select channel, recipient, count(*) filter (where state = 'pending')::int as waiting,
            count(*) filter (where state = 'given_up' and code is distinct from ${notConfigured})::int as given_up
          from delivery where state = 'pending'
            or state = 'given_up' and ended_at > clock_timestamp() - interval '14 days' group by channel, recipient
        ) as d on d.channel = t.channel and d.recipient = t.recipient
        -- One that nothing waits for can't show that it is well again.
        where t.failing_since is not null and d.waiting > 0 or t.stopped_at is not null or d.given_up > 0
        order by t.failing_since, t.channel, t.recipient`.execute(db);
      return rows;
    },

    async removeEnded(limit) {
      const { rows } = await sql`delete from delivery where id in (
          select id from delivery where state <> 'pending'
            and ended_at < clock_timestamp() - ${keptDays}::int * interval '1 day'
          order by ended_at limit ${limit})
          -- One that a person sends again meanwhile stays.
          and state <> 'pending'
        returning id`.execute(db);
      return rows.length;
    },

    async deliveries({ limit, belowId, id, night, fileId, partner, state }) {
      const { rows } = await sql<Delivery>`
        select ${columns} from delivery d
        where ${night === undefined ? sql`true` : sql`d.night = ${night}::date`}
          and ${fileId === undefined ? sql`true` : sql`d.file_id = ${fileId}`}
          and ${partner === undefined ? sql`true` : sql`d.recipient = ${partner}`}
          and ${state === undefined ? sql`true` : sql`d.state = ${state}`}
          and ${id === undefined ? sql`true` : sql`d.id = ${id}`}
          and ${belowId === undefined ? sql`true` : sql`d.id < ${belowId}`}
        order by d.id desc limit ${limit}`.execute(db);
      return rows;
    },

    async sendAgain(id, { actor, reason }) {
      const { rows } = await sql`
        with again as (
          update delivery set state = 'pending', tries = 0, next_at = clock_timestamp(), due_since = clock_timestamp(),
            claimed_until = null, ended_at = null, code = null, http_status = null, told_to = null
          where id = ${id} returning id, file_id, recipient
        ) insert into audit_event (actor, action, partner, file_id, reason, detail)
          select ${actor}, 'delivery.again', nullif(recipient, ''), file_id, ${reason},
            jsonb_build_object('delivery', id) from again
        returning seq`.execute(db);
      return rows.length > 0;
    },

    async goOn({ channel, recipient }: Target, { actor, reason }) {
      const { rows } = await sql`
        with open as (
          update delivery_target set stopped_at = null, failing_since = null, code = null, http_status = null
          where channel = ${channel} and recipient = ${recipient ?? ''} and stopped_at is not null returning channel
        ), due as (
          update delivery set next_at = clock_timestamp(), due_since = clock_timestamp(), tries = 0
          where state = 'pending' and channel = ${channel} and recipient = ${recipient ?? ''} and exists (select from open)
        ) insert into audit_event (actor, action, partner, reason, detail)
          select ${actor}, 'delivery.go_on', ${recipient}::text, ${reason}, jsonb_build_object('channel', channel) from open
        returning seq`.execute(db);
      return rows.length > 0;
    },
  };
}
