import { createsOf, readLeads, type Check, type ErasedPerson, type Evidence } from './evidence.ts';

/**
 * Nothing of an erased person is kept anywhere, and no lead of theirs is created after leadsync said that it was done. Where
 * retention had taken their lead before somebody asked, leadsync does not know any more who is meant by what is younger.
 */
export const erasedIsGone: Check = (evidence) =>
  evidence.erased.flatMap((person, at) => {
    const { partnerLeadId, values, doneMs } = person;
    const say = (detail: string) => ({ rule: 'erased is gone' as const, detail: `person ${at + 1}: ${detail}` });
    const theirs = new RegExp(
      `(?:${[...values, partnerLeadId].map((value) => RegExp.escape(value)).join('|')})(?!\\d)`,
    );
    return [
      ...(wasKnown(evidence, person) ? evidence.kept : [])
        .filter(({ text }) => theirs.test(text))
        .map(({ place }) => say(`is in ${place} still`)),
      ...createsOf(evidence)
        .filter((create) => create.partnerLeadId === partnerLeadId && doneMs !== null && create.atMs > doneMs)
        .map(({ leadId }) => say(`${leadId} was created when they had been erased`)),
    ];
  });

export function wasKnown(evidence: Evidence, { partnerLeadId, askedMs }: ErasedPerson): boolean {
  const leadOf = readLeads(evidence);
  const leads = evidence.rows.filter((row) => row.kind === 'lead' && leadOf(row) === partnerLeadId);
  const before = new Set(
    evidence.taken.filter(({ by, atMs }) => by === 'retention' && atMs < askedMs).map(({ rowId }) => rowId),
  );
  return !leads.some(({ id }) => before.has(id));
}
