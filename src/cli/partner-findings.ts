import type { FileCheck, RefusedFile, SurveyedFile } from '../app/check-partner-file.ts';
import { faults, partnerText } from '../domain/faults.ts';
import { fold } from '../domain/fold.ts';
import { isOptOut } from '../domain/header-aliases.ts';
import type { IdOddity } from '../domain/id-tally.ts';
import type { Partner } from '../domain/partner.ts';
import type { Repetitions } from '../domain/repetition-tally.ts';
import type { WordCounts } from '../domain/word-tally.ts';
import { sayFirst, sayRows, sayShare } from './row-counts.ts';

/** Something about a config or a file, for a person. */
export interface CheckFinding {
  /** For scripts. */
  readonly name: string;
  /** False: worth knowing, and nothing goes wrong by it. */
  readonly isUrgent: boolean;
  readonly says: string;
  readonly then: string;
}

/** What would go wrong with a file, most pressing first. */
export function findingsOfFile(check: FileCheck, partner: Partner): readonly CheckFinding[] {
  if (check.kind === 'refused') return ofRefusal(check, partner.columns);
  return [
    ...ofEncoding(check),
    ...ofWords(check),
    ...ofIds(check, partner.limits.rowsPerId),
    ...ofAgent(check),
    ...ofRepetitions(check),
    ...ofColumns(check),
  ];
}

function ofRefusal({ code, detail, header }: RefusedFile, columns: Partner['columns']): CheckFinding[] {
  const refusal = { name: code, isUrgent: true, says: partnerText(code, 'en', detail), then: faults[code].then };
  const named = String(detail['columns'] ?? '')
    .split(', ')
    .flatMap((field) => {
      const source = columns[field];
      if (source === undefined) return [];
      const says = `${field} is looked for under ${quote('join' in source ? source.join : source.headers)} and nowhere else.`;
      return [
        { name: 'column_named', isUrgent: true, says, then: 'Name the header that the file has under `columns`.' },
      ];
    });
  const optOuts = (header ?? []).filter((name) => isOptOut(fold(name)));
  if (optOuts.length === 0) return [refusal, ...named];
  const says = `${quote(optOuts)}: a yes in an opt-out is a no; it is never read as consent.`;
  return [refusal, ...named, { name: 'column_opt_out', isUrgent: false, says, then: '' }];
}

function ofEncoding({ confidence, encoding }: SurveyedFile): CheckFinding[] {
  if (confidence !== 'low') return [];
  return [
    {
      name: 'encoding_guessed',
      isUrgent: true,
      says: `The encoding is a guess: ${encoding}.`,
      then: 'Look at the accents of a few names, then write `encoding` under `files`.',
    },
  ];
}

function ofWords({ unknownWords, holds }: SurveyedFile): CheckFinding[] {
  return Object.entries(unknownWords).map(([field, words]) => {
    const isConsent = field === 'acceptTerms';
    return {
      name: isConsent ? 'consent_words_unknown' : 'code_words_unknown',
      isUrgent: true,
      says: `${field}: ${sayWords(words)} ${isConsent ? 'in neither list of `consent`.' : 'not in `codes`.'}`,
      then: isConsent
        ? 'Only a word that accepts the privacy policy may stand under `accepted`.'
        : `Write each word and its code under codes.${field}, or let the partner correct it.${
            field === 'estado' && holds === 'mixed'
              ? ' A word with which leads begin stands under updates.initial.'
              : ''
          }`,
    };
  });
}

function sayWords({ words, hidden, rows }: WordCounts): string {
  if (words.length === 0) return `values in ${sayRows(rows)}, which are no words and are not shown,`;
  const listed = words.map((word) => `"${word.word}" ${word.rows}`).join(', ');
  return hidden === 0 ? `${listed};` : `${listed}, others not shown ${hidden};`;
}

const oddities: Readonly<Record<IdOddity, { readonly says: string; readonly then: string }>> = {
  scientific: {
    says: 'in scientific notation, as 1,23E+15: digits are lost',
    then: 'Ask for an export that was never opened in a spreadsheet.',
  },
  rounded: {
    says: 'of 16 digits or more that end in zeros: a spreadsheet has rounded them',
    then: 'Ask for an export that was never opened in a spreadsheet.',
  },
  nif: { says: 'that are a NIF', then: "Name the CRM's own id under columns: a person is not an enquiry." },
  email: {
    says: 'that are an e-mail address',
    then: "Name the CRM's own id under columns: a person is not an enquiry.",
  },
  phone: {
    says: "that are the row's phone number",
    then: "Name the CRM's own id under columns: a person is not an enquiry.",
  },
};

function ofIds({ ids, repetitions, holds, rows }: SurveyedFile, rowsPerId: number | null): CheckFinding[] {
  const findings: CheckFinding[] = ids.odd.map(({ oddity, rows: n, firstRows }) => ({
    name: `ids_${oddity}`,
    isUrgent: true,
    says: `${sayRows(n)} with ids ${oddities[oddity].says} (${sayFirst(firstRows, n)}).`,
    then: oddities[oddity].then,
  }));
  if (holds !== 'updates' && repetitions.differing > 0) findings.push(ofContacts(repetitions, rowsPerId));
  if (ids.blank > 0) {
    findings.push({
      name: 'ids_blank',
      isUrgent: holds === 'updates' || ids.filled > 0,
      says: `${sayRows(ids.blank)} of ${rows} without an id.`,
      then:
        holds === 'updates'
          ? 'An update has to name its lead.'
          : `Such a lead is known by the row's own values, and its updates ${
              holds === 'mixed' ? 'by these, too, as long as they stay the same' : "by the insurer's leadId alone"
            }.`,
    });
  }
  return findings;
}

function ofContacts(repetitions: Repetitions, rowsPerId: number | null): CheckFinding {
  const { differing, differingShare, firstRows, isEstimate, mostOfOne } = repetitions;
  const leads = `${isEstimate ? 'About ' : ''}${differing} ${differing === 1 ? 'lead stands' : 'leads stand'}`;
  const share = `${sayShare(differingShare)} of all (${sayFirst(firstRows, firstRows.length)})`;
  const isHeld = rowsPerId !== null && mostOfOne > rowsPerId;
  return {
    name: 'ids_of_contacts',
    isUrgent: true,
    says: `${leads} on rows that differ, ${share}. ${
      isHeld
        ? `With ${mostOfOne} rows of one lead the file would be held (FILE_ID_REPEATED).`
        : 'Only the first row of each is sent.'
    }`,
    then: "A contact's id, and not an enquiry's? Then name the field that tells the enquiries apart under `identity`, as in [ramo]. Corrections of one lead? Then the insurer has to be told.",
  };
}

function ofAgent({ withoutAgent }: SurveyedFile): CheckFinding[] {
  if (withoutAgent === 0) return [];
  return [
    {
      name: 'agent_missing',
      isUrgent: true,
      says: `${sayRows(withoutAgent)} for which nobody is the agent, unless the client check names one.`,
      then: 'Set agent.default or agent.byPostalCode, or such rows are rejected (ROW_AGENT_MISSING).',
    },
  ];
}

function ofRepetitions({ repetitions: { repeated, isEstimate } }: SurveyedFile): CheckFinding[] {
  if (repeated === 0) return [];
  return [
    {
      name: 'rows_repeated',
      isUrgent: false,
      says: `Repeats an earlier row word for word: ${isEstimate ? 'about ' : ''}${sayRows(repeated)}.`,
      then: 'Nothing is sent for it.',
    },
  ];
}

function ofColumns({ columns: { mapped, unmapped, empty, emptyFields } }: SurveyedFile): CheckFinding[] {
  const findings: CheckFinding[] = emptyFields.map((field) => ({
    name: 'field_empty',
    isUrgent: false,
    says: `${field} has no value in any row; it is read from ${quote(mapped[field] ?? [])}.`,
    then: 'Is it another column?',
  }));
  if (unmapped.length > 0) {
    findings.push({
      name: 'columns_unmapped',
      isUrgent: false,
      says: `Columns that nothing is read from: ${quote(unmapped)}.`,
      then: 'A field that stands in one of them has to be named under `columns`.',
    });
  }
  if (empty.length > 0) {
    findings.push({
      name: 'columns_empty',
      isUrgent: false,
      says: `Columns without a value: ${quote(empty)}.`,
      then: '',
    });
  }
  return findings;
}

function quote(headers: readonly string[]): string {
  return headers.map((header) => `"${header}"`).join(', ');
}
