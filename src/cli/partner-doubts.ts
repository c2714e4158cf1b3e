import type { PartnerDoubt } from '../domain/judge-partner.ts';
import type { CheckFinding } from './partner-findings.ts';

/** What is valid in a config and can hardly be meant. */
export function findingsOfConfig(doubts: readonly PartnerDoubt[]): readonly CheckFinding[] {
  return doubts.map((doubt) => ({ name: doubt.kind, ...tellDoubt(doubt) }));
}

function tellDoubt(doubt: PartnerDoubt): Omit<CheckFinding, 'name'> {
  switch (doubt.kind) {
    case 'default_not_legal':
      return {
        isUrgent: true,
        says: `defaults.${doubt.field}: the contract does not take ${JSON.stringify(doubt.value)}.`,
        then: 'Rows without a value of their own are rejected, or go without it.',
      };
    case 'code_not_legal':
      return {
        isUrgent: true,
        says: `codes.${doubt.field}: the contract does not take ${JSON.stringify(doubt.code)} for "${doubt.word}".`,
        then: 'Every row with this word is rejected.',
      };
    case 'constant_consent':
      return {
        isUrgent: false,
        says: 'defaults.acceptTerms: a row that says nothing counts as a consent.',
        then: 'The evidence of it has to be kept elsewhere.',
      };
    case 'no_agent':
      return {
        isUrgent: false,
        says: 'agent: no default and no table.',
        then: 'A file without a column for it is refused; a row without one is rejected unless the client check names one.',
      };
    case 'same_pattern':
      return {
        isUrgent: true,
        says: `files: ${doubt.kinds.join(' and ')} have the same pattern.`,
        then: `All files are read as ${doubt.kinds[0] ?? ''}.`,
      };
    case 'initial_has_code':
      return {
        isUrgent: true,
        says: `updates.initial: "${doubt.word}" stands under codes.estado as well.`,
        then: 'In mixed files it makes no update, and its code is never sent.',
      };
  }
}
