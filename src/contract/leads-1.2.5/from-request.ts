import type { ReadRequest } from '../leads-contract.ts';
import { altaLead } from './alta-lead.ts';
import { clientData } from './client-data.ts';
import { leadFields } from './fields.ts';
import { updateLead } from './update-lead.ts';

/** The server's half of the client data request. */
export function readClientData(body: unknown): ReadRequest<{ readonly nif: string }> {
  return clientData.request.safeParse(body);
}

/** An alta lead request as text fields by our names, the reverse of `toAltaLead`; empty fields are absent. */
export function readAltaLead(body: unknown): ReadRequest<Readonly<Record<string, string>>> {
  const read = altaLead.request.safeParse(body);
  if (!read.success) return read;
  const fields: Record<string, string> = {};
  for (const { name, wireName } of leadFields) {
    const value = read.data[wireName ?? name];
    if (value !== undefined && value !== '') fields[name] = String(value);
  }
  return { success: true, data: fields };
}

/** The server's half of the update lead request. */
export function readUpdateLead(
  body: unknown,
): ReadRequest<{ readonly leadId: string; readonly estado: string; readonly observacion: string }> {
  return updateLead.request.safeParse(body);
}
