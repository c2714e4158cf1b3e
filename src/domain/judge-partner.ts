import { readConsent } from './consent.ts';
import type { FileKind } from './file-life.ts';
import type { FieldRule } from './lead.ts';
import { kindsWithPattern } from './match-file.ts';
import type { Partner } from './partner.ts';
import { readField } from './read-field.ts';

/** What is valid in a partner config and can hardly be meant. */
export type PartnerDoubt =
  /** A constant that the contract does not take: rows without a value of their own are rejected, or go without it. */
  | { readonly kind: 'default_not_legal'; readonly field: string; readonly value: string }
  /** A code that the contract does not take: every row with this word is rejected. */
  | { readonly kind: 'code_not_legal'; readonly field: string; readonly word: string; readonly code: string }
  /** Every row counts as consented that says nothing. */
  | { readonly kind: 'constant_consent' }
  /** Rows without a column for it, of people whom the client check names no agent for, are rejected. */
  | { readonly kind: 'no_agent' }
  /** Files of two kinds have one pattern: all of them are read as the first. */
  | { readonly kind: 'same_pattern'; readonly kinds: readonly FileKind[] }
  /** A word that makes no update in mixed files and has a code all the same. */
  | { readonly kind: 'initial_has_code'; readonly word: string };

/** Looks at a config without a file. */
export function judgePartner(partner: Partner, rules: readonly FieldRule[]): readonly PartnerDoubt[] {
  const doubts: PartnerDoubt[] = [];
  for (const [field, value] of Object.entries(partner.defaults)) {
    if (!isLegalDefault(field, value, partner, rules)) doubts.push({ kind: 'default_not_legal', field, value });
  }
  for (const [field, words] of Object.entries(partner.codes)) {
    for (const [word, code] of Object.entries(words)) {
      if (!isLegal(field, code, rules)) doubts.push({ kind: 'code_not_legal', field, word, code });
    }
  }
  const consent = partner.defaults['acceptTerms'];
  if (consent !== undefined && readConsent(consent, partner.consent) === 'accepted') {
    doubts.push({ kind: 'constant_consent' });
  }
  const { agent, columns, defaults } = partner;
  const hasAgent = agent.default !== null || defaults['agenteId'] !== undefined || columns['agenteId'] !== undefined;
  if (!hasAgent && Object.keys(agent.byPostalCode).length === 0) doubts.push({ kind: 'no_agent' });
  for (const patterns of Map.groupBy(kindsWithPattern(partner), ({ pattern }) => pattern.match).values()) {
    if (patterns.length > 1) doubts.push({ kind: 'same_pattern', kinds: patterns.map(({ kind }) => kind) });
  }
  for (const word of partner.updates.initial) {
    if (partner.codes['estado']?.[word] !== undefined) doubts.push({ kind: 'initial_has_code', word });
  }
  return doubts;
}

function isLegalDefault(field: string, value: string, partner: Partner, rules: readonly FieldRule[]): boolean {
  if (field !== 'acceptTerms') return isLegal(field, value, rules);
  return ['accepted', 'refused'].includes(readConsent(value, partner.consent));
}

function isLegal(field: string, code: string, rules: readonly FieldRule[]): boolean {
  if (field === 'estado') return /^\d+$/.test(code);
  const rule = rules.find(({ name }) => name === field);
  return rule === undefined || readField(rule, code, undefined, 'reject').kind === 'value';
}
