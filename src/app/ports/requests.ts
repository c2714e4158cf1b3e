import type { LeadFields } from '../../domain/lead.ts';

/** A request's fields as the contract spells them. */
type FieldsSent = Readonly<Record<string, string | number | boolean>>;

/** What each call sends: the fields of the real requests, without sending any. */
export interface RequestFields {
  clientData(nif: string): FieldsSent;
  altaLead(lead: LeadFields): FieldsSent;
  updateLead(update: { readonly leadId: string; readonly estado: string; readonly observacion: string }): FieldsSent;
}
