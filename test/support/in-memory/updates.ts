import type { LeadOfUpdate, UpdateLedger } from '../../../src/app/ports/ledger.ts';
import { checkRow, holdsIdentity } from './constraints.ts';
import { blankRow } from './insert-rows.ts';
import type { LedgerSafeguard } from './safeguards.ts';
import { type StoredRow, type Tables, writeAudit } from './tables.ts';
import { compareUpdates, isHeld } from './update-order.ts';

export function createMemoryUpdateLedger(tables: Tables, without: ReadonlySet<LedgerSafeguard>): UpdateLedger {
  const rowsOf = (kind: StoredRow['kind']): readonly StoredRow[] =>
    [...tables.rows.values()].filter((row) => row.kind === kind);

  return {
    async findLead(partner, { leadId, partnerLeadId }) {
      if (leadId !== null)
        return toLead(
          partner,
          rowsOf('lead').find((row) => row.leadId === leadId),
        );
      if (partnerLeadId === null) return { kind: 'unknown' };
      const named = rowsOf('lead').filter(
        (row) => row.partner === partner && row.partnerLeadId === partnerLeadId && row.state !== 'duplicate',
      );
      return toLead(partner, named.findLast(holdsIdentity) ?? named.at(-1));
    },

    async updateTurn(row) {
      const update = tables.rows.get(row.id);
      const lead = row.leadRow === null ? undefined : tables.rows.get(row.leadRow);
      if (update === undefined || lead === undefined)
        return { held: false, overtaken: false, repeatsLatest: false, acceptedFinal: false };
      const pushed = rowsOf('update').filter(
        (other) =>
          other.state === 'pushed' &&
          other.id !== update.id &&
          (other.leadRow === lead.id ||
            (other.partner === update.partner &&
              update.partnerLeadId !== null &&
              other.partnerLeadId === update.partnerLeadId)),
      );
      const latest = pushed.toSorted(bySending).at(-1);
      return {
        held: !without.has('update_order') && isHeld(tables, update, lead),
        overtaken: pushed.some(
          ({ orderKey }) => orderKey !== null && update.orderKey !== null && orderKey > update.orderKey,
        ),
        repeatsLatest: latest !== undefined && latest.content !== null && latest.content === update.content,
        acceptedFinal: pushed.some((other) => other.isFinal),
      };
    },

    async nextUpdateOf(leadRow) {
      const [next] = rowsOf('update')
        .filter(
          (row) =>
            row.leadRow === leadRow &&
            (row.state === 'received' || (row.state === 'waiting' && row.code === 'ROW_UPDATE_HELD')),
        )
        .toSorted(compareUpdates);
      return next === undefined ? null : { id: next.id, version: next.version };
    },

    async enterUpdate(partner, row, actor) {
      const entered: StoredRow = {
        ...blankRow(tables, { ...row, identity: null, partnerLeadId: null }),
        kind: 'update',
        partner,
        leadRow: row.leadRow,
        nextAt: tables.now(),
      };
      checkRow(entered);
      tables.rows.set(entered.id, entered);
      writeAudit(tables, { actor, action: 'update.entered', rowId: entered.id, to: entered.state });
      return entered.id;
    },
  };
}

/** The newest is the one that was sent last: what the API has now. */
function bySending(one: StoredRow, other: StoredRow): number {
  return (one.intentAt ?? -1) - (other.intentAt ?? -1) || Number(one.id) - Number(other.id);
}

function toLead(partner: string, found: StoredRow | undefined): LeadOfUpdate {
  if (found === undefined) return { kind: 'unknown' };
  if (found.partner !== partner) return { kind: 'of_another_partner' };
  return { kind: 'found', rowId: found.id, state: found.state, leadId: found.leadId };
}
