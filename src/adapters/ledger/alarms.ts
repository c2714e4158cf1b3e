import { sql } from 'kysely';
import type { AlarmLedger } from '../../app/ports/alarm-ledger.ts';
import type { Acknowledgement } from '../../domain/alarm.ts';
import type { LedgerDatabase } from './database.ts';

export function createAlarmLedger(db: LedgerDatabase): AlarmLedger {
  return {
    async acknowledgements() {
      const { rows } = await sql<Acknowledgement>`select alarm, level, at, until, actor, reason
        from alarm_acknowledgement where until > clock_timestamp() order by alarm collate "C"`.execute(db);
      return rows;
    },

    async acknowledge({ alarm, level }, until, { actor, reason }) {
      await sql`
        with given as (
          insert into alarm_acknowledgement (alarm, level, until, actor, reason)
          values (${alarm}, ${level}, ${until}, ${actor}, ${reason})
          on conflict (alarm) do update set level = excluded.level, at = clock_timestamp(), until = excluded.until,
            actor = excluded.actor, reason = excluded.reason
          returning alarm, level, until
        ) insert into audit_event (actor, action, reason, detail)
          select ${actor}, 'alarm.acknowledged', ${reason}, to_jsonb(given) from given`.execute(db);
    },

    async withdraw(alarm, { actor, reason }) {
      const { rows } = await sql`
        with gone as (
          delete from alarm_acknowledgement where alarm = ${alarm} and until > clock_timestamp() returning alarm
        ), audited as (
          insert into audit_event (actor, action, reason, detail)
          select ${actor}, 'alarm.withdrawn', ${reason}, to_jsonb(gone) from gone
        ) select from gone`.execute(db);
      return rows.length > 0;
    },
  };
}
