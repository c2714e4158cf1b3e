import type { FaultCode } from '../domain/faults.ts';
import type { Partner } from '../domain/partner.ts';
import { macPartnerLeadId } from './keyed-hashes.ts';
import type { Ports } from './ports.ts';
import type { LeadOfUpdate } from './ports/ledger.ts';
import type { LedgerRow, RowState, UpdatePayload } from './ports/row.ts';

/** What is to be done with an update now. `leadRow` is known as soon as the ledger knows the lead. */
export type LeadOfTurn =
  | { readonly kind: 'push'; readonly leadId: string; readonly leadRow?: string }
  | { readonly kind: 'wait'; readonly code: FaultCode; readonly leadRow?: string }
  | { readonly kind: 'reject'; readonly code: FaultCode; readonly leadRow?: string }
  | { readonly kind: 'superseded'; readonly leadRow?: string }
  | { readonly kind: 'repeat'; readonly leadRow?: string };

/** Joins an update to its lead through the ledger and looks at what stands before it. */
export async function leadForUpdate(
  ports: Pick<Ports, 'clock' | 'ledger' | 'settings' | 'vault'>,
  row: LedgerRow,
  update: UpdatePayload,
  partner: Partner,
): Promise<LeadOfTurn> {
  const found = await findLead(ports, row, update);
  if (found.kind === 'of_another_partner') return { kind: 'reject', code: 'ROW_LEAD_OF_ANOTHER_PARTNER' };
  if (found.kind === 'unknown') return unknownLead(ports, row, update, partner);

  const leadRow = found.rowId;
  const known = lifeOfLead(found.state);
  if (known === 'never') return { kind: 'reject', code: 'ROW_LEAD_NOT_CREATED', leadRow };
  if (known === 'not_yet' || found.leadId === null)
    return { kind: 'wait', code: 'ROW_LEAD_NOT_REGISTERED_YET', leadRow };

  const turn = await ports.ledger.updateTurn({ ...row, leadRow });
  if (turn.held) return { kind: 'wait', code: 'ROW_UPDATE_HELD', leadRow };
  if (turn.overtaken) return { kind: 'superseded', leadRow };
  if (turn.repeatsLatest) return { kind: 'repeat', leadRow };
  if (turn.acceptedFinal && partner.updates.afterFinal === 'reject')
    return { kind: 'reject', code: 'ROW_LEAD_CLOSED', leadRow };
  return { kind: 'push', leadId: found.leadId, leadRow };
}

async function findLead(
  { ledger, vault }: Pick<Ports, 'ledger' | 'vault'>,
  row: LedgerRow,
  update: UpdatePayload,
): Promise<LeadOfUpdate> {
  // Entered by hand for a row of the ledger: that row is the lead, registered or not.
  const byHand = row.fileId === null && row.leadRow !== null ? await ledger.row(row.leadRow) : null;
  if (byHand !== null) return { kind: 'found', rowId: byHand.id, state: byHand.state, leadId: byHand.leadId };
  const { leadId, partnerLeadId } = update;
  return ledger.findLead(row.partner, {
    leadId,
    partnerLeadId: partnerLeadId === null ? null : macPartnerLeadId(vault, row.partner, partnerLeadId),
  });
}

function unknownLead(
  ports: Pick<Ports, 'clock' | 'settings'>,
  row: LedgerRow,
  update: UpdatePayload,
  partner: Partner,
): LeadOfTurn {
  if (update.leadId !== null) {
    return partner.updates.unknownLeadId === 'send'
      ? { kind: 'push', leadId: update.leadId }
      : { kind: 'reject', code: 'ROW_LEAD_UNKNOWN' };
  }
  // The partner's own id may belong to a lead whose file is still to come.
  const waitedMs = ports.clock.wallMs() - row.createdAt.getTime();
  return waitedMs < ports.settings.updatePatienceMs
    ? { kind: 'wait', code: 'ROW_LEAD_NOT_REGISTERED_YET' }
    : { kind: 'reject', code: 'ROW_LEAD_UNKNOWN' };
}

function lifeOfLead(state: RowState): 'registered' | 'not_yet' | 'never' {
  switch (state) {
    case 'registered':
      return 'registered';
    case 'rejected':
    case 'not_managed':
    case 'cancelled':
    case 'abandoned':
      return 'never';
    default:
      return 'not_yet';
  }
}
