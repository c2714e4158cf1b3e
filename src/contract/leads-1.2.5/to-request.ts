import type { JsonObject } from '../leads-contract.ts';
import { leadFields } from './fields.ts';

/** The client data request for a NIF, normalised by the caller. */
export function toClientData(nif: string): JsonObject {
  return { nif };
}

/**
 * The alta lead request of a lead's text fields: types as JSON has them, Unicode in NFC, empty fields omitted, names
 * that the contract doesn't know left behind. Values are taken as the row rules left them and not judged again; only
 * `acceptTerms` errs on the safe side: anything but 'true' is false. The phone comes formatted.
 */
export function toAltaLead(fields: Readonly<Record<string, string>>): JsonObject {
  const body: Record<string, string | boolean> = {};
  for (const { name, wireName, json } of leadFields) {
    const value = fields[name];
    if (value === undefined || value === '') continue;
    body[wireName ?? name] = json === 'boolean' ? value === 'true' : value.normalize('NFC');
  }
  return body;
}

/** The update lead request. `estado` stays a string of digits. */
export function toUpdateLead(update: {
  readonly leadId: string;
  readonly estado: string;
  readonly observacion: string;
}): JsonObject {
  return { estado: update.estado, leadId: update.leadId, observacion: update.observacion.normalize('NFC') };
}
