import { sql } from 'kysely';
import type { ConfigVersions } from '../../app/ports/config-versions.ts';
import type { LedgerDatabase } from './database.ts';

export function createConfigVersions(db: LedgerDatabase): ConfigVersions {
  return {
    async noteInForce({ settings, partners }, actor) {
      const subjects = ['', ...partners.map(({ id }) => id)];
      const versions = [settings, ...partners.map(({ version }) => version)];
      await sql`
        with told as (
          select * from unnest(${subjects}::text[], ${versions}::text[]) as t(subject, version)
        ), changed as (
          insert into config_in_force as c (subject, version) select subject, version from told order by subject
          on conflict (subject) do update set version = excluded.version, since = clock_timestamp()
            where c.version <> excluded.version
          returning subject, version
        ), gone as (
          delete from config_in_force c where c.subject not in (select subject from told) returning subject
        )
        insert into audit_event (actor, action, partner, detail)
        select ${actor}, case subject when '' then 'config.settings_in_force' else 'config.partner_in_force' end,
          nullif(subject, ''), jsonb_build_object('version', version) from changed
        union all select ${actor}, 'config.partner_withdrawn', subject, null from gone
        order by 3 nulls first, 2`.execute(db);
    },
  };
}
