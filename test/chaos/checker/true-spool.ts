import { createsOf, type Check } from './evidence.ts';

/** Outcomes by which leadsync takes a create for not done. */
const undone: ReadonlySet<string> = new Set(['refused', 'not_sent', 'try_later', 'halted']);

/**
 * What is brought back from a spool must be the truth: every create that the API carried out was noted before it left, and
 * no answer in it says otherwise than the API's own record.
 */
export const trueSpool: Check = (evidence) => {
  const creates = createsOf(evidence);
  const byRequest = new Map(creates.map((create) => [create.requestId, create.leadId]));
  const given = new Set(creates.map(({ leadId }) => leadId));
  const sent = new Set(evidence.spool.flatMap((line) => (line.kind === 'sent' ? [line.requestId] : [])));
  const say = (detail: string) => ({ rule: 'true spool' as const, detail });
  return [
    ...creates
      .filter(({ requestId }) => !sent.has(requestId))
      .map(({ leadId }) => say(`${leadId} was asked for by a request that no spool knows`)),
    ...evidence.spool.flatMap((line) => {
      if (line.kind === 'sent') return [];
      const created = byRequest.get(line.requestId);
      if (undone.has(line.outcome)) {
        return created === undefined ? [] : [say(`${line.outcome} by the spool, and the API has ${created}`)];
      }
      if (line.leadId === null) return [];
      const isTrue = created === undefined ? given.has(line.leadId) : created === line.leadId;
      return isTrue ? [] : [say(`${line.leadId} by the spool, ${created ?? 'nothing'} by the API`)];
    }),
  ];
};
