import { bySha, lineOf, type Check } from './evidence.ts';

/** Of one lead, the API carries out the updates in the order they came in; one that is repeated meanwhile is no step back. */
export const updatesInOrder: Check = (evidence) => {
  const files = bySha(evidence);
  const updates = evidence.truth.filter((entry) => entry.kind === 'update');
  const leadOf = new Map(
    evidence.rows
      .filter(({ kind, leadId }) => kind === 'lead' && leadId !== null)
      .map((row) => [row.leadId, lineOf(files, row)?.partnerLeadId]),
  );
  return [...Map.groupBy(updates, ({ leadId }) => leadId)].flatMap(([leadId, applied]) => {
    if (!leadOf.has(leadId)) return [{ rule: 'updates in order' as const, detail: `${leadId} is no row's lead` }];
    const order = applied.map(({ observacion }) => Number(observacion.replace('nth ', '')));
    const isOrdered = order.every((nth, index) => index === 0 || nth >= (order[index - 1] ?? 0));
    return isOrdered ? [] : [{ rule: 'updates in order' as const, detail: `${leadId}: ${order.join(', ')}` }];
  });
};
