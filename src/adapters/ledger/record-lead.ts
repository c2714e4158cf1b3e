import { sql } from 'kysely';
import type { LeadOfUpdate, UpdateLedger } from '../../app/ports/ledger.ts';
import type { RowState } from '../../app/ports/row.ts';
import { judgeFollower } from '../../domain/earlier-row.ts';
import type { FaultCode } from '../../domain/faults.ts';
import type { LeadRowState } from '../../domain/lead-row.ts';
import type { LedgerDatabase } from './database.ts';
import { identityStates } from './state-lists.ts';

interface Row {
  readonly rowId: string;
  readonly state: RowState;
  readonly leadId: string | null;
}

interface Found {
  /** The row that holds the identity of the record's lead. */
  readonly holder: Row | null;
  readonly own: (Row & { readonly code: FaultCode | null }) | null;
  /** What the record's own row repeats. */
  readonly original: (Row & { readonly state: LeadRowState; readonly code: FaultCode | null }) | null;
}

/**
 * The lead of the record that an update of a mixed file stands in. It is sought anew each time: the record's own row may
 * be refused today where yesterday's row has created the lead, and the lead may pass from one row to another.
 */
export function createLeadOfRecord(db: LedgerDatabase): UpdateLedger['leadOfRecord'] {
  return async (updateRow) => {
    const { rows } = await sql<Found>`
      select
        -- A look of its own: as a join it would read every lead until the database has its first statistics.
        (select ${row('h')} from ledger_row h where h.kind = 'lead' and h.partner = u.partner and h.identity = u.identity
          and h.state in ${identityStates}) as holder,
        case when d.id is not null then ${row('d')} end as own, case when o.id is not null then ${row('o')} end as original
      from ledger_row u
        left join ledger_row d on d.file_id = u.file_id and d.row_number = u.row_number and d.kind = 'lead'
        left join ledger_row o on o.id = d.duplicate_of
      where u.id = ${updateRow}`.execute(db);
    return leadOf(rows[0]);
  };
}

const row = (alias: string) =>
  sql.raw(`jsonb_build_object('rowId', ${alias}.id::text, 'state', ${alias}.state, 'leadId', ${alias}.lead_id,
    'code', ${alias}.code)`);

function leadOf(found: Found | undefined): LeadOfUpdate {
  const { holder = null, own = null, original = null } = found ?? {};
  if (holder !== null) return toLead(holder);
  if (own === null) return { kind: 'unknown' };
  if (original === null) return toLead(own);
  // About to go to work in the other's place: what has become of that one is not the last word on the lead.
  const held = own.code === 'ROW_LEAD_CHANGE_HELD';
  return toLead(held || judgeFollower({ held, ...original }) === 'work' ? own : original);
}

function toLead({ rowId, state, leadId }: Row): LeadOfUpdate {
  return { kind: 'found', rowId, state, leadId };
}
