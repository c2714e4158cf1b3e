import type { StatusUpdateFields } from './lead.ts';

/** What an updates file is read for: the contract's update lead, and the partner's own id of the lead. */
export const updateFieldNames = [
  'leadId',
  'partnerLeadId',
  'estado',
  'observacion',
] as const satisfies readonly (keyof StatusUpdateFields)[];
