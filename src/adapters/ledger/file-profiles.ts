import { sql } from 'kysely';
import type { HeldFiles } from '../../app/ports/held-files.ts';
import type { FileProfile } from '../../domain/drift.ts';
import type { LedgerDatabase } from './database.ts';

type Profiles = Pick<HeldFiles, 'profilesBefore' | 'mostRowsOfOneLead' | 'isConfigProven'>;

/** What a file is compared with before its first call. */
export function createFileProfiles(db: LedgerDatabase): Profiles {
  return {
    async profilesBefore({ id, partner, kind }, limit) {
      // A file that was cancelled was not what it should have been.
      const { rows } = await sql<FileProfile>`
        select header, row_count as rows, filled, config_version as "configVersion" from file
        where partner = ${partner} and kind = ${kind} and id < ${id} and state in ('read', 'settled')
          and header is not null and cancelled_at is null
        order by id desc limit ${limit}`.execute(db);
      return rows;
    },

    async mostRowsOfOneLead(fileId) {
      // Rows without the partner's own id are told apart by what they say, so no two of them differ.
      const { rows } = await sql<{ most: number }>`
        select coalesce(max(n), 0)::int as most from (
          select count(distinct content) as n from ledger_row
          where file_id = ${fileId} and kind = 'lead' and identity is not null and partner_lead_id is not null
          group by identity having count(*) > 1) as leads`.execute(db);
      return rows[0]?.most ?? 0;
    },

    async isConfigProven(partner, kind, configVersion) {
      const { rows } = await sql`
        select from file where partner = ${partner} and kind = ${kind} and config_version = ${configVersion}
          and state = 'settled' and cancelled_at is null limit 1`.execute(db);
      return rows.length > 0;
    },
  };
}
