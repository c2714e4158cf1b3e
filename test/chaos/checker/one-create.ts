import { createsOf, readLeads, type Check } from './evidence.ts';

/**
 * No lead is created more than once, unless a person's audited "send again" came before each further time. Who asked the
 * insurer first, when leadsync told them to, must never be the cause of a second one, and neither may a listing: whatever
 * it was and whatever was said of it, leadsync is who concluded from it that a lead is not there.
 */
export const oneCreate: Check = (evidence) => {
  const leadOf = readLeads(evidence);
  const leadOfRow = new Map(evidence.rows.filter(({ kind }) => kind === 'lead').map((row) => [row.id, leadOf(row)]));
  const sentAgain = Map.groupBy(
    evidence.audit.filter(({ action, byListing }) => action === 'row.resolved_send_again' && !byListing),
    ({ rowId }) => leadOfRow.get(rowId),
  );
  return [...Map.groupBy(createsOf(evidence), ({ partnerLeadId }) => partnerLeadId)].flatMap(([lead, creates]) =>
    creates.flatMap((create, index) => {
      const allowed =
        evidence.operator === 'careful'
          ? 0
          : (sentAgain.get(lead) ?? []).filter(({ atMs }) => atMs <= create.atMs).length;
      if (index <= allowed) return [];
      return [
        { rule: 'one create' as const, detail: `${create.leadId} is number ${index + 1}, ${allowed} sent again` },
      ];
    }),
  );
};

/** The rule that the baseline is measured by as well, which has no audit log: leads that exist more than once. */
export function duplicated(creates: readonly { readonly partnerLeadId: string }[]): number {
  const times = new Map<string, number>();
  for (const { partnerLeadId } of creates) times.set(partnerLeadId, (times.get(partnerLeadId) ?? 0) + 1);
  return [...times.values()].filter((count) => count > 1).length;
}
