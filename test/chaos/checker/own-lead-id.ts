import { createsOf, readLeads, type Check } from './evidence.ts';

/** Every registered row has a leadId that the API gave for that very lead, and no two rows have the same. */
export const ownLeadId: Check = (evidence) => {
  const leadOf = readLeads(evidence);
  const byLeadId = new Map(createsOf(evidence).map((create) => [create.leadId, create.partnerLeadId]));
  const seen = new Set<string>();
  return evidence.rows
    .filter((row) => row.kind === 'lead' && row.state === 'registered')
    .flatMap((row) => {
      const leadId = row.leadId ?? 'none';
      const isOwn = byLeadId.has(leadId) && byLeadId.get(leadId) === leadOf(row) && !seen.has(leadId);
      seen.add(leadId);
      return isOwn ? [] : [{ rule: 'own leadId' as const, detail: `row ${row.id} has ${leadId}` }];
    });
};
