import { readLeads, type Check } from './evidence.ts';

/**
 * Of one lead, the API carries out the updates in the order they came in; one that is repeated meanwhile is no step back. A
 * ledger from a backup has forgotten some: it may begin anew once, and ends with the newest.
 */
export const updatesInOrder: Check = (evidence) => {
  const leadOf = readLeads(evidence);
  const updates = evidence.truth.filter((entry) => entry.kind === 'update');
  const leads = new Map(
    evidence.rows
      .filter(({ kind, leadId }) => kind === 'lead' && leadId !== null)
      .map((row) => [row.leadId, leadOf(row)]),
  );
  const mayStepBack = evidence.restoredAtMs === null ? 0 : 1;
  return [...Map.groupBy(updates, ({ leadId }) => leadId)].flatMap(([leadId, applied]) => {
    if (!leads.has(leadId)) return [{ rule: 'updates in order' as const, detail: `${leadId} is no row's lead` }];
    const order = applied.map(({ observacion }) => Number(observacion.replace('nth ', '')));
    const stepsBack = order.filter((nth, index) => index > 0 && nth < (order[index - 1] ?? 0)).length;
    if (stepsBack <= mayStepBack && order.at(-1) === Math.max(...order)) return [];
    return [{ rule: 'updates in order' as const, detail: `${leadId}: ${order.join(', ')}` }];
  });
};
