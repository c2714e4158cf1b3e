import type { FaultCode } from '../domain/faults.ts';
import type { Partner } from '../domain/partner.ts';
import { isFinalEstado } from '../domain/estado.ts';
import { openLeadRowStates } from '../domain/lead-row.ts';
import { lifeOfLead } from '../domain/life-of-lead.ts';
import { macPartnerLeadId } from './keyed-hashes.ts';
import type { Ports } from './ports.ts';
import type { LeadOfUpdate, UpdateTurn } from './ports/ledger.ts';
import type { LedgerRow, RowState, UpdatePayload } from './ports/row.ts';

/** What is to be done with an update now. `leadRow` is known as soon as the ledger knows the lead. */
export type LeadOfTurn =
  | { readonly kind: 'push'; readonly leadId: string; readonly leadRow?: string }
  /** `forMs`: what it waits for is over then at the latest. */
  | { readonly kind: 'wait'; readonly code: FaultCode; readonly leadRow?: string; readonly forMs?: number }
  | { readonly kind: 'reject'; readonly code: FaultCode; readonly leadRow?: string }
  /** Of a person who was erased: nothing of it may be sent. */
  | { readonly kind: 'suppressed'; readonly erasure: string; readonly leadRow: string }
  | { readonly kind: 'superseded'; readonly code: FaultCode; readonly leadRow?: string }
  | { readonly kind: 'repeat'; readonly leadRow?: string };

type LookPorts = Pick<Ports, 'ledger' | 'settings' | 'suppressions' | 'vault'>;

/** Joins an update to its lead through the ledger and looks at what stands before it. */
export async function leadForUpdate(
  ports: LookPorts,
  row: LedgerRow,
  update: UpdatePayload,
  partner: Partner,
): Promise<LeadOfTurn> {
  const found = await findLead(ports, row, update);
  switch (found.kind) {
    case 'of_another_partner':
      return { kind: 'reject', code: 'ROW_LEAD_OF_ANOTHER_PARTNER' };
    case 'ids_disagree':
      return { kind: 'reject', code: 'ROW_LEAD_IDS_DISAGREE' };
    case 'unknown':
      return unknownLead(ports, row, update, partner);
    case 'found':
      return knownLead(ports, row, update, partner, found);
  }
}

async function findLead({ ledger, vault }: LookPorts, row: LedgerRow, update: UpdatePayload): Promise<LeadOfUpdate> {
  // Entered by hand for a row of the ledger: that row is the lead, registered or not.
  const byHand = row.fileId === null && row.leadRow !== null ? await ledger.row(row.leadRow) : null;
  if (byHand !== null) return { kind: 'found', rowId: byHand.id, state: byHand.state, leadId: byHand.leadId };
  if (update.isOfRecord === true) return ledger.leadOfRecord(row.id);
  const { leadId, partnerLeadId } = update;
  return ledger.findLead(row.partner, {
    leadId,
    partnerLeadId: partnerLeadId === null ? null : macPartnerLeadId(vault, row.partner, partnerLeadId),
  });
}

async function knownLead(
  ports: LookPorts,
  row: LedgerRow,
  update: UpdatePayload,
  partner: Partner,
  { rowId: leadRow, state, leadId }: Extract<LeadOfUpdate, { kind: 'found' }>,
): Promise<LeadOfTurn> {
  const erasure = await erasureOf(ports, row, leadRow);
  if (erasure !== null) return { kind: 'suppressed', erasure, leadRow };
  const life = lifeOfLead(state);
  if (life === 'never') return { kind: 'reject', code: 'ROW_LEAD_NOT_CREATED', leadRow };
  // However long its create takes, an outage or a hold: the state that came with a lead goes after it.
  if (update.isOfRecord === true && isAtWork(state)) {
    return { kind: 'wait', code: 'ROW_LEAD_NOT_REGISTERED_YET', leadRow };
  }
  if (life === 'not_yet' || leadId === null) {
    return { ...patiently(ports, row, partner, 'ROW_LEAD_STILL_NOT_REGISTERED'), leadRow };
  }
  const turn = await ports.ledger.updateTurn({ ...row, leadRow });
  return { ...takeTurn(turn, update, partner, leadId), leadRow };
}

/** The erasure of the lead's person, while they are on the suppression list. */
async function erasureOf({ ledger, suppressions }: LookPorts, row: LedgerRow, leadRow: string): Promise<string | null> {
  if ((row.suppressions ?? 0) === 0) return null;
  const erasure = (await ledger.row(leadRow))?.erasure ?? null;
  return erasure !== null && (await suppressions.read(row.suppressions)).inForce.has(erasure) ? erasure : null;
}

async function unknownLead(
  ports: LookPorts,
  row: LedgerRow,
  update: UpdatePayload,
  partner: Partner,
): Promise<LeadOfTurn> {
  // The partner's own id may belong to a lead whose file is still to come.
  if (update.leadId === null) return patiently(ports, row, partner, 'ROW_LEAD_UNKNOWN');
  if (partner.updates.unknownLeadId === 'reject') return { kind: 'reject', code: 'ROW_LEAD_UNKNOWN' };
  return takeTurn(await ports.ledger.updateTurn({ ...row, leadRow: null }), update, partner, update.leadId);
}

function takeTurn(turn: UpdateTurn, update: UpdatePayload, { updates }: Partner, leadId: string): LeadOfTurn {
  if (turn.held) return { kind: 'wait', code: 'ROW_UPDATE_HELD' };
  if (turn.arrivingForMs > 0) return { kind: 'wait', code: 'ROW_UPDATE_HELD', forMs: turn.arrivingForMs };
  if (turn.overtaken) return { kind: 'superseded', code: 'ROW_UPDATE_OVERTAKEN' };
  if (turn.repeatsLatest) return { kind: 'repeat' };
  if (turn.acceptedFinal && updates.afterFinal === 'reject') return { kind: 'reject', code: 'ROW_LEAD_CLOSED' };
  // One that closes the lead is no step on the way to another.
  if (updates.coalesce && turn.newerWaits && !isFinalEstado(update.estado, updates.finalEstados)) {
    return { kind: 'superseded', code: 'ROW_UPDATE_COALESCED' };
  }
  return { kind: 'push', leadId };
}

function patiently({ settings }: LookPorts, row: LedgerRow, { updates }: Partner, atTheEnd: FaultCode): LeadOfTurn {
  const forMs = (updates.patienceMs ?? settings.updatePatienceMs) - row.ageMs;
  return forMs > 0 ? { kind: 'wait', code: 'ROW_LEAD_NOT_REGISTERED_YET', forMs } : { kind: 'reject', code: atTheEnd };
}

function isAtWork(state: RowState): boolean {
  return openLeadRowStates.some((open) => open === state);
}
