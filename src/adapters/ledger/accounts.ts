import { sql } from 'kysely';
import type { AccountLedger, BreakerView, Halt, Pause } from '../../app/ports/account-ledger.ts';
import type { LedgerDatabase } from './database.ts';
import { openRollCall } from './roll-call.ts';

const msUntil = (time: string) => sql.raw(`(extract(epoch from ${time} - clock_timestamp()) * 1000)::float8`);

const later = (ms: number | null) =>
  ms === null ? sql`null::timestamptz` : sql`clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`;

/** Halts and pauses in one look, as JSON. */
const haltsOf =
  sql.raw(`(select coalesce(jsonb_agg(jsonb_build_object('endpoint', h.endpoint, 'code', h.code, 'since', h.since,
    'probe', jsonb_build_object('inMs', extract(epoch from h.probe_at - clock_timestamp()) * 1000,
      'row', h.probe_row::text, 'leftMs', coalesce(extract(epoch from h.probe_until - clock_timestamp()) * 1000, 0), 'failed', h.probes_failed))
    order by h.since), '[]') from api_halt h where h.account = a.account)`);
const allPauses =
  sql.raw(`(select coalesce(jsonb_agg(jsonb_build_object('partner', nullif(p.partner, ''), 'since', p.since,
    'actor', p.actor, 'reason', p.reason) order by p.since), '[]') from work_pause p)`);

export function createAccountLedger(db: LedgerDatabase): AccountLedger {
  return {
    async stops(account) {
      const { rows } = await sql<StopsRow>`
        select version, breaker as state, cause, since, actor, reason, ${msUntil('since')} * -1 as "forMs",
          ${msUntil('probe_at')} as "inMs", probe_row::text as "row", coalesce(${msUntil('probe_until')}, 0) as "leftMs",
          probes_failed as failed, ${haltsOf} as halts, ${allPauses} as pauses,
          ${openRollCall} as "rollCall", (select max(era) from roll_call) as era
        from api_account a where account = ${account}`.execute(db);
      const [found] = rows;
      if (found === undefined) throw new Error(`no API account ${account}`);
      const { halts, pauses, rollCall, era, inMs, row, leftMs, failed, ...breaker } = found;
      return {
        breaker: { ...breaker, probe: { inMs, row, leftMs, failed } },
        halts: halts.map(withDate),
        pauses: pauses.map(withDate),
        era,
        rollCall:
          rollCall === null ? null : { ...rollCall, since: dateOr(rollCall.since), until: dateOr(rollCall.until) },
      };
    },

    async changeBreaker(account, version, { state, begins, cause, probe }, { actor, reason }) {
      const { rows } = await sql`
        with changed as (
          update api_account set version = version + 1, breaker = ${state}, cause = ${cause},
            since = case when ${begins} then clock_timestamp() else since end,
            flowing_since = case when ${begins && state === 'closed'} then clock_timestamp() else flowing_since end,
            actor = case when ${begins} then ${actor} else actor end,
            reason = case when ${begins} then ${reason} else reason end,
            probe_at = ${later(probe.inMs)}, probe_row = ${probe.row}::bigint,
            probe_until = ${probe.row === null ? later(null) : later(probe.leftMs)}, probes_failed = ${probe.failed}
          where account = ${account} and version = ${version}
          returning account, breaker, cause
        ), audited as (
          insert into audit_event (actor, action, to_state, reason, detail)
          select ${actor}, case breaker when 'closed' then 'api.breaker_closed' else 'api.breaker_opened' end, breaker,
            ${reason}, jsonb_build_object('account', account, 'cause', cause)
          from changed where ${begins}
        ) select from changed`.execute(db);
      return rows.length > 0;
    },

    async halt(account, { endpoint, code, settings, row }, { firstMs, mostMs }) {
      await sql`
        with put_off as (
          update api_halt set probe_row = null, probe_until = null, probes_failed = probes_failed + 1,
            probe_at = clock_timestamp()
              + least(${mostMs}::float8, ${firstMs}::float8 * 2 ^ least(probes_failed + 1, 30)) * interval '1 millisecond'
          where account = ${account} and endpoint = ${endpoint} and probe_row = ${row}
        ), halted as (
          insert into api_halt (account, endpoint, code, settings, probe_at)
          values (${account}, ${endpoint}, ${code}, ${settings}, ${later(firstMs)})
          on conflict (account, endpoint) do nothing returning account, endpoint, code
        ) insert into audit_event (actor, action, code, detail)
          select 'api', 'api.halted', code, jsonb_build_object('account', account, 'endpoint', endpoint)
          from halted`.execute(db);
    },

    async claimHaltProbes(account, endpoints, row, forMs) {
      // All or none: a row that is halted twice needs both.
      const { rows } = await sql`
        with due as materialized (
          select endpoint from api_halt where account = ${account} and endpoint = any (${endpoints})
            and case when probe_until > clock_timestamp() then false else probe_row is not null or probe_at <= clock_timestamp() end
          order by endpoint for update
        ) update api_halt h set probe_row = ${row}, probe_until = ${later(forMs)} from due
          where h.account = ${account} and h.endpoint = due.endpoint
            and not exists (select from api_halt o where o.account = ${account} and o.endpoint = any (${endpoints})
              and o.endpoint not in (select endpoint from due))
          returning h.endpoint`.execute(db);
      return rows.length > 0;
    },

    async endHalts(account, which, { actor, reason }) {
      const chosen =
        which === 'all'
          ? sql`true`
          : 'endpoint' in which
            ? sql`endpoint = ${which.endpoint}`
            : sql`settings <> ${which.exceptSettings}`;
      const { rows } = await sql`
        with ended as (delete from api_halt where account = ${account} and ${chosen} returning account, endpoint, code
        ), flowing as (
          update api_account set flowing_since = clock_timestamp()
          where account = ${account} and exists (select from ended)
        ), audited as (
          insert into audit_event (actor, action, code, reason, detail)
          select ${actor}, 'api.halt_ended', code, ${reason}, jsonb_build_object('account', account, 'endpoint', endpoint)
          from ended
        ) select from ended`.execute(db);
      return rows.length;
    },

    async pause(partner, { actor, reason }) {
      const { rows } = await sql`
        with paused as (
          insert into work_pause (partner, actor, reason) values (${partner ?? ''}, ${actor}, ${reason})
          on conflict (partner) do nothing returning partner
        ), audited as (
          insert into audit_event (actor, action, partner, reason)
          select ${actor}, 'work.paused', nullif(partner, ''), ${reason} from paused
        ) select from paused`.execute(db);
      return rows.length > 0;
    },

    async endPauses(partner, { actor, reason }) {
      const { rows } = await sql`
        with ended as (
          delete from work_pause where partner = ${partner} or ${partner === null} returning partner
        ), flowing as (
          update api_account set flowing_since = clock_timestamp() where exists (select from ended)
        ), audited as (
          insert into audit_event (actor, action, partner, reason)
          select ${actor}, 'work.resumed', nullif(partner, ''), ${reason} from ended
        ) select from ended`.execute(db);
      return rows.length;
    },
  };
}

type StopsRow = Omit<BreakerView, 'probe'> &
  BreakerView['probe'] & {
    readonly halts: readonly Written<Halt>[];
    readonly pauses: readonly Written<Pause>[];
    readonly era: string | null;
    readonly rollCall: {
      readonly since: string | null;
      readonly until: string | null;
      readonly hosts: readonly string[];
    } | null;
  };

type Written<T extends { readonly since: Date }> = Omit<T, 'since'> & { readonly since: string };

const dateOr = (written: string | null): Date | null => (written === null ? null : new Date(written));

function withDate<T extends { readonly since: string }>(written: T): Omit<T, 'since'> & { readonly since: Date } {
  return { ...written, since: new Date(written.since) };
}
