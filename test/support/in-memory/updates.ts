import type { LeadOfUpdate, UpdateLedger, UpdateTurn } from '../../../src/app/ports/ledger.ts';
import { checkRow, holdsIdentity } from './constraints.ts';
import { blankRow } from './insert-rows.ts';
import type { LedgerSafeguard } from './safeguards.ts';
import { isOneOf, type StoredRow, type Tables, writeAudit } from './tables.ts';
import { arrivingForMs, compareTurns, compareUpdates, goesBefore, isHeld, othersOf } from './update-order.ts';

const nothingBefore: UpdateTurn = {
  held: false,
  arrivingForMs: 0,
  overtaken: false,
  repeatsLatest: false,
  acceptedFinal: false,
  newerWaits: false,
};

const waitCodes = ['ROW_UPDATE_HELD', 'ROW_LEAD_NOT_REGISTERED_YET'];

export function createMemoryUpdateLedger(tables: Tables, without: ReadonlySet<LedgerSafeguard>): UpdateLedger {
  const rowsOf = (kind: StoredRow['kind']): readonly StoredRow[] =>
    [...tables.rows.values()].filter((row) => row.kind === kind);

  return {
    // The model has leads and updates files alone.
    leadOfRecord: () => Promise.reject(new Error('mixed files are not modelled')),

    async findLead(partner, { leadId, partnerLeadId }) {
      const ofOwnId = rowsOf('lead').filter(
        (row) =>
          partnerLeadId !== null &&
          row.partner === partner &&
          row.partnerLeadId === partnerLeadId &&
          row.state !== 'duplicate' &&
          (leadId === null || row.leadId !== leadId),
      );
      const newest = ofOwnId.findLast(holdsIdentity) ?? ofOwnId.at(-1);
      if (leadId === null) return toLead(partner, newest);
      const named = rowsOf('lead').find((row) => row.leadId === leadId);
      if (named !== undefined && named.partner !== partner) return { kind: 'of_another_partner' };
      const disagrees =
        named === undefined
          ? newest !== undefined && newest.leadId !== null
          : partnerLeadId !== null && named.partnerLeadId !== null && named.partnerLeadId !== partnerLeadId;
      return disagrees ? { kind: 'ids_disagree' } : toLead(partner, named);
    },

    async updateTurn(row) {
      const update = tables.rows.get(row.id);
      if (update === undefined) return nothingBefore;
      const lead = row.leadRow === null ? undefined : tables.rows.get(row.leadRow);
      const others = othersOf(tables, update, lead);
      const before = without.has('sent_updates_first') ? isOlder : goesBefore;
      const pushed = others.filter((other) => other.state === 'pushed');
      const sent = others.filter((other) => other.state === 'pushed' || other.lateUntil !== null);
      const latest = sent.toSorted(bySending).at(-1);
      return {
        held: !without.has('update_order') && isHeld(tables, update, lead, before),
        arrivingForMs: without.has('late_updates') ? 0 : arrivingForMs(tables, update, lead),
        overtaken: !without.has('update_order') && pushed.some((other) => compareUpdates(other, update) > 0),
        repeatsLatest: latest?.state === 'pushed' && latest.content !== null && latest.content === update.content,
        acceptedFinal: pushed.some((other) => other.isFinal),
        newerWaits:
          !update.mayBeSet &&
          others.some(
            (other) =>
              isOneOf(['received', 'waiting'], other.state) &&
              compareUpdates(other, update) > 0 &&
              (other.fileId === null || isOneOf(['read', 'settled'], tables.files.get(other.fileId)?.state ?? '')),
          ),
      };
    },

    async nextUpdateOf({ id }) {
      const update = tables.rows.get(id);
      if (update === undefined) return null;
      const lead = update.leadRow === null ? undefined : tables.rows.get(update.leadRow);
      const [next] = othersOf(tables, update, lead)
        .filter((row) => row.state === 'received' || (row.state === 'waiting' && isOneOf(waitCodes, row.code ?? '')))
        .toSorted(compareTurns);
      return next === undefined ? null : { id: next.id, version: next.version, isWaiting: next.state === 'waiting' };
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

function isOlder(one: StoredRow, other: StoredRow): boolean {
  return compareUpdates(one, other) < 0;
}

function toLead(partner: string, found: StoredRow | undefined): LeadOfUpdate {
  if (found === undefined) return { kind: 'unknown' };
  if (found.partner !== partner) return { kind: 'of_another_partner' };
  return { kind: 'found', rowId: found.id, state: found.state, leadId: found.leadId };
}
