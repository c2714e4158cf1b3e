import type { PersonValues } from '../domain/person-key.ts';
import type { LeadPayload, LedgerRow, UpdatePayload } from './ports/row.ts';
import type { Vault } from './ports/vault.ts';

/** Retention has taken the values of a row, and maybe the key that they were sealed with. */
export function isTaken({ payload }: Pick<LedgerRow, 'payload'>): boolean {
  return payload.length === 0;
}

/** Opens a lead row's sealed payload. Throws when the key or the bytes are not what was written: broken infrastructure. */
export async function openLead(vault: Vault, row: LedgerRow): Promise<LeadPayload> {
  if (isTaken(row)) return { fields: {}, partnerLeadId: null };
  const key = await vault.keyById(row.keyId);
  return JSON.parse(key.open(row.payload)) as LeadPayload;
}

/** What a row of either kind says of a person. */
export async function openPerson(vault: Vault, row: Pick<LedgerRow, 'keyId' | 'payload'>): Promise<PersonValues> {
  if (isTaken(row)) return { partnerLeadId: null };
  const key = await vault.keyById(row.keyId);
  return JSON.parse(key.open(row.payload)) as PersonValues;
}

/** Opens a status update's sealed payload. */
export async function openUpdate(vault: Vault, row: LedgerRow): Promise<UpdatePayload> {
  if (isTaken(row)) return { leadId: null, partnerLeadId: null, estado: '', observacion: '' };
  const key = await vault.keyById(row.keyId);
  return JSON.parse(key.open(row.payload)) as UpdatePayload;
}

/** The API's message on a row, opened. */
export async function openMessage(vault: Vault, row: LedgerRow): Promise<string | null> {
  if (row.message === null) return null;
  const key = await vault.keyById(row.keyId);
  return key.open(row.message);
}

/** The partner's own id of a row's lead, for the one column of the result file that names it. */
export async function openPartnerLeadId(vault: Vault, row: LedgerRow): Promise<string | null> {
  if (isTaken(row)) return null;
  const key = await vault.keyById(row.keyId);
  return (JSON.parse(key.open(row.payload)) as { readonly partnerLeadId: string | null }).partnerLeadId;
}
