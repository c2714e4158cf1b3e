import { readConsent } from './consent.ts';
import { textDamages } from './damaged-text.ts';
import { readEmail } from './email.ts';
import { fold } from './fold.ts';
import type { FieldRule, LeadFields } from './lead.ts';
import type { MappedColumns } from './map-header.ts';
import { readNif } from './nif.ts';
import { ownTextsOf, type OwnTexts } from './own-texts.ts';
import type { Partner } from './partner.ts';
import { readPhone } from './phone.ts';
import { readPostalCode } from './postal-code.ts';
import { restoreId } from './precision-lost.ts';
import type { Problem } from './problem.ts';
import { readField, type ReadField } from './read-field.ts';

/**
 * What a row of a leads file says. `identity` and `content` are canonical texts to be hashed with a key, never stored:
 * two rows with one identity are the same lead, and with one content as well they are the same row once more.
 */
export type ReadLead =
  | {
      readonly kind: 'lead';
      readonly fields: LeadFields;
      readonly partnerLeadId: string | null;
      readonly identity: string;
      readonly content: string;
      readonly warnings: readonly Problem[];
    }
  | {
      readonly kind: 'rejected';
      /** Every problem of the row; consent first, and the first one names the row's code. Never empty. */
      readonly problems: readonly Problem[];
      readonly warnings: readonly Problem[];
      /** The fields that were readable. */
      readonly fields: LeadFields;
      readonly partnerLeadId: string | null;
      /** Of the lead that it speaks of: another row may have created it. */
      readonly identity: string;
    };

// The normal form is frozen: a change would make every lead of the past a new one. A new form takes a new version.
const identityVersion = 'v1';
const contentVersion = 'v1';
const hasNormalForm: ReadonlySet<string> = new Set(['dni', 'phone', 'email', 'postalcode']);
const identityWithoutId = ['dni', 'phone', 'email', 'name', 'ramo', 'motivoLlamada'];

/** Reads one record of a leads file by the partner's config and the contract's field rules, all problems at once. */
export function readLeadRow(
  cells: readonly string[],
  columns: MappedColumns,
  partner: Partner,
  rules: readonly FieldRule[],
): ReadLead {
  const own = ownTextsOf(cells, columns);
  const fields: Record<string, string> = {};
  const problems: Problem[] = [];
  const warnings: Problem[] = [];

  const damages = textDamages(cells, columns);
  const consent =
    damages['acceptTerms'] === 'damaged'
      ? damaged('acceptTerms')
      : judgeConsent(own['acceptTerms'] ?? partner.defaults['acceptTerms'] ?? '', partner);
  if (typeof consent === 'string') fields['acceptTerms'] = consent;
  else problems.push(consent);

  for (const rule of rules) {
    if (rule.name === 'acceptTerms') continue;
    const text = own[rule.name] ?? partner.defaults[rule.name] ?? '';
    if (text === '') {
      const missing = problemOfMissing(rule, partner);
      if (missing !== null) problems.push(missing);
      continue;
    }
    const words = own[rule.name] === undefined ? undefined : partner.codes[rule.name];
    const read: ReadField =
      damages[rule.name] === 'damaged'
        ? { kind: 'problem', problem: damaged(rule.name) }
        : readField(rule, text, words, partner.tooLong);
    if (read.kind === 'value') {
      fields[rule.name] = read.value;
      warnings.push(...read.notes);
      if (damages[rule.name] === 'doubtful') warnings.push({ code: 'ROW_TEXT_DOUBTFUL', column: rule.name });
    } else if (read.kind === 'problem' && rejects(rule, read.problem)) problems.push(read.problem);
    else warnings.push({ code: 'ROW_FIELD_DROPPED', column: rule.name });
  }

  const partnerLeadId = ownId(own['partnerLeadId'] ?? '');
  const identity = identityOf(own, partnerLeadId, partner);
  if (problems.length > 0) return { kind: 'rejected', problems, warnings, fields, partnerLeadId, identity };
  return {
    kind: 'lead',
    fields,
    partnerLeadId,
    identity,
    content: contentOf(own, fields, partner),
    warnings,
  };
}

/** The value of acceptTerms, or why nothing may be sent. Nothing but the partner's lists ever makes it 'true'. */
function judgeConsent(text: string, partner: Partner): 'true' | 'false' | Problem {
  const { onBlank, onRefused } = partner.consent;
  const consent = readConsent(text, partner.consent);
  if (consent === 'accepted') return 'true';
  if (consent === 'unreadable') return { code: 'ROW_CONSENT_UNREADABLE', column: 'acceptTerms' };
  if (consent === 'blank' && onBlank === 'reject') return { code: 'ROW_CONSENT_MISSING', column: 'acceptTerms' };
  return onRefused === 'send' ? 'false' : { code: 'ROW_CONSENT_REFUSED', column: 'acceptTerms' };
}

function damaged(column: string): Problem {
  return { code: 'ROW_TEXT_DAMAGED', column };
}

function problemOfMissing(rule: FieldRule, partner: Partner): Problem | null {
  if (rule.name === 'dni') return partner.withoutNif === 'reject' ? { code: 'ROW_NIF_MISSING', column: 'dni' } : null;
  // The agent may still come from the client check, the postal code or the config.
  if (!rule.required || rule.name === 'agenteId') return null;
  return { code: 'ROW_FIELD_MISSING', column: rule.name };
}

/** A created lead cannot be corrected: what steers it must be right. Anything else is left out rather than lose the lead. */
function rejects(rule: FieldRule, problem: Problem): boolean {
  return rule.required || rule.steering || rule.name === 'dni' || problem.code === 'ROW_CODE_UNKNOWN';
}

function ownId(text: string): string | null {
  const id = restoreId(text);
  return id.kind === 'lost' || id.text === '' ? null : id.text;
}

function identityOf(own: OwnTexts, partnerLeadId: string | null, partner: Partner): string {
  const valueOf = (field: string): string => {
    const text = own[field] ?? '';
    return normalForm(field, text) ?? fold(text);
  };
  const parts =
    partnerLeadId === null
      ? ['own', ...identityWithoutId.map(valueOf)]
      : ['id', partnerLeadId, ...partner.identity.map(valueOf)];
  return `${identityVersion}|${JSON.stringify([partner.id, ...parts])}`;
}

/** `fields` are read already: the same values, unless the partner's words for codes came between. */
function contentOf(own: OwnTexts, fields: LeadFields, { codes }: Partner): string {
  const values: [string, string][] = [];
  for (const field of Object.keys(own).sort()) {
    const text = own[field] ?? '';
    if (field === 'partnerLeadId') continue;
    const isRead = hasNormalForm.has(field) && codes[field] === undefined;
    values.push([field, (isRead ? fields[field] : undefined) ?? normalForm(field, text) ?? text]);
  }
  return `${contentVersion}|${JSON.stringify(values)}`;
}

/** The row's own value where there is more than one way to write it; never through the config's codes or limits. */
function normalForm(field: string, text: string): string | null {
  switch (field) {
    case 'dni': {
      const read = readNif(text);
      return read.kind === 'nif' ? read.nif : null;
    }
    case 'phone': {
      const read = readPhone(text);
      return read.kind === 'phone' ? read.phone : null;
    }
    case 'email': {
      const read = readEmail(text);
      return read.kind === 'email' ? read.email : null;
    }
    case 'postalcode': {
      const read = readPostalCode(text);
      return read.kind === 'postalCode' ? read.postalCode : null;
    }
    default:
      return null;
  }
}
