import type { Endpoint } from '../../domain/call-outcome.ts';
import type { LeadFields } from '../../domain/lead.ts';

/** A request's fields as the contract spells them. */
export type FieldsSent = Readonly<Record<string, string | number | boolean>>;

/** What each call sends: the fields of the real requests, without sending any. */
export interface RequestFields {
  clientData(nif: string): FieldsSent;
  altaLead(lead: LeadFields): FieldsSent;
  updateLead(update: { readonly leadId: string; readonly estado: string; readonly observacion: string }): FieldsSent;
}

export interface Requests {
  readonly fields: RequestFields;
  /** Where they go; a path may have places, as `{nif}`. Null: this process is told of no API. */
  readonly endpoints: Readonly<Record<Endpoint, { readonly method: string; readonly path: string }>> | null;
}
