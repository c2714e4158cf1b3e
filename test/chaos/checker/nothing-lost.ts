import { createsOf, readLeads, type Check } from './evidence.ts';

/** `abandoned` is a person's word, and no row is called that here. */
const knowing: ReadonlySet<string> = new Set(['registered', 'registered_without_id', 'in_doubt', 'submitting']);

/** What the API has is registered, in doubt or on its way: no row says that a lead which exists does not. */
export const nothingLost: Check = (evidence) => {
  const leadOf = readLeads(evidence);
  const known = new Set(evidence.rows.filter(({ kind, state }) => kind === 'lead' && knowing.has(state)).map(leadOf));
  return createsOf(evidence)
    .filter(({ partnerLeadId }) => !known.has(partnerLeadId))
    .map(({ leadId }) => ({ rule: 'nothing lost' as const, detail: `${leadId} is in no row that knows of it` }));
};
