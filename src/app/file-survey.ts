import { decideWithoutCheck } from '../domain/after-check.ts';
import { createColumnTally, type ColumnCounts } from '../domain/column-tally.ts';
import { readConsent, type Consent } from '../domain/consent.ts';
import { rowKindsOf, type FileKind } from '../domain/file-life.ts';
import { createIdTally, type IdCounts } from '../domain/id-tally.ts';
import type { FieldRule } from '../domain/lead.ts';
import type { MappedColumns } from '../domain/map-header.ts';
import { columnsByRow, rowsOfRecord } from '../domain/mixed-record.ts';
import { ownTextsOf, type OwnTexts } from '../domain/own-texts.ts';
import type { Partner } from '../domain/partner.ts';
import type { Problem } from '../domain/problem.ts';
import { createProblemTally, type ProblemCount } from '../domain/problem-tally.ts';
import { readLeadRow, type ReadLead } from '../domain/read-lead-row.ts';
import { readUpdateRow } from '../domain/read-update-row.ts';
import { createRepetitionTally, type Repetitions } from '../domain/repetition-tally.ts';
import { createWordTally, type WordCounts } from '../domain/word-tally.ts';
import type { FileRecord } from './ports/record-reader.ts';

/** What the rows of a file say, counted; nothing of a row but words, and those only where `WordCounts` shows them. */
export interface FileSurvey {
  readonly holds: FileKind;
  readonly rows: number;
  /** Rows that nothing is wrong with before the first call. */
  readonly valid: number;
  /** What would reject rows. A row with several problems counts in each. */
  readonly problems: readonly ProblemCount[];
  /** What would be repaired or left out. */
  readonly warnings: readonly ProblemCount[];
  readonly withoutNif: number;
  /** Valid rows that are rejected as well, unless the client check names an agent. */
  readonly withoutAgent: number;
  readonly consent: Readonly<Record<Consent, number>>;
  /** By field: words that stand in no list of the config, acceptTerms among them. */
  readonly unknownWords: Readonly<Record<string, WordCounts>>;
  readonly ids: IdCounts;
  /** By the lead's identity; in updates files by the whole row. */
  readonly repetitions: Repetitions;
  readonly columns: ColumnCounts;
  /** Rows that say a state of a lead: in an updates file all of them. */
  readonly states: number;
}

interface Surveyed {
  readonly header: readonly string[];
  readonly columns: MappedColumns;
  readonly partner: Partner;
  readonly kind: FileKind;
  readonly rules: readonly FieldRule[];
}

/** Counts what intake would make of records, in memory that does not grow with them. */
export function createFileSurvey({ header, columns, partner, kind, rules }: Surveyed) {
  const problems = createProblemTally();
  const warnings = createProblemTally();
  const ids = createIdTally();
  const repetitions = createRepetitionTally();
  const filled = createColumnTally(header, columns);
  const words = new Map<string, ReturnType<typeof createWordTally>>();
  const consent = { accepted: 0, refused: 0, blank: 0, unreadable: 0 };
  let rows = 0;
  let valid = 0;
  let withoutNif = 0;
  let withoutAgent = 0;
  let states = 0;
  const byRow = columnsByRow(
    columns,
    kind,
    rules.map(({ name }) => name),
  );

  function noteWord(field: string, own: OwnTexts): void {
    const word = own[field];
    if (word === undefined) return;
    const tally = words.get(field) ?? createWordTally();
    tally.add(word);
    words.set(field, tally);
  }

  function noteProblems(row: number, own: OwnTexts, found: readonly Problem[]): void {
    problems.add(row, found);
    for (const { code, column } of found) {
      if (column !== undefined && wordless.has(code)) noteWord(column, own);
    }
  }

  /** Answers what would reject the row. */
  function addLead(row: number, cells: readonly string[]): readonly Problem[] {
    const own = ownTextsOf(cells, byRow.lead);
    const read = readLeadRow(cells, byRow.lead, partner, rules);
    warnings.add(row, read.warnings);
    consent[readConsent(own['acceptTerms'] ?? partner.defaults['acceptTerms'] ?? '', partner.consent)]++;
    if (own['dni'] === undefined) withoutNif++;
    ids.add(row, own['partnerLeadId'], own);
    const { identity, content } = read.kind === 'lead' ? read : asWritten(own, partner);
    repetitions.add(row, identity, content);
    if (read.kind === 'rejected') return read.problems;
    if (isWithoutAgent(read, partner)) withoutAgent++;
    return [];
  }

  function addUpdate(row: number, cells: readonly string[], namesLead: boolean): readonly Problem[] {
    const read = readUpdateRow(cells, byRow.update, partner, namesLead);
    warnings.add(row, read.warnings);
    states++;
    if (namesLead) {
      const own = ownTextsOf(cells, byRow.update);
      ids.add(row, own['leadId'] ?? own['partnerLeadId'], own);
      const whole = JSON.stringify(own);
      repetitions.add(row, whole, whole);
    }
    return read.kind === 'rejected' ? read.problems : [];
  }

  return {
    add(record: FileRecord): void {
      rows++;
      if ('fault' in record) return problems.add(record.rowNumber, [{ code: record.fault }]);
      filled.add(record.cells);
      const { rowNumber, cells } = record;
      const kinds = kind === 'mixed' ? rowsOfRecord(cells, byRow, partner) : rowKindsOf(kind);
      const isLead = kinds.includes('lead');
      const found = [
        ...(isLead ? addLead(rowNumber, cells) : []),
        ...(kinds.includes('update') ? addUpdate(rowNumber, cells, !isLead) : []),
      ];
      if (found.length === 0) valid++;
      else noteProblems(rowNumber, ownTextsOf(cells, columns), withoutRepeats(found));
    },
    result: (): FileSurvey => ({
      holds: kind,
      rows,
      valid,
      problems: problems.result(),
      warnings: warnings.result(),
      withoutNif,
      withoutAgent,
      consent,
      unknownWords: Object.fromEntries([...words].map(([field, tally]) => [field, tally.result()])),
      ids: ids.result(),
      repetitions: repetitions.result(),
      columns: filled.result(),
      states,
    }),
  };
}

/** The lead and the update of one record may find the same thing, such as an id whose digits are lost. */
function withoutRepeats(found: readonly Problem[]): readonly Problem[] {
  return [...new Map(found.map((problem) => [`${problem.code} ${problem.column ?? ''}`, problem])).values()];
}

/** Problems that a list of the config would end. */
const wordless: ReadonlySet<string> = new Set(['ROW_CODE_UNKNOWN', 'ROW_CONSENT_UNREADABLE']);

function isWithoutAgent(lead: ReadLead, partner: Partner): boolean {
  return decideWithoutCheck(lead.fields, partner).kind === 'rejected';
}

/** For rows that are rejected, whose normal form nobody knows: the lead by what is written. */
function asWritten(own: OwnTexts, partner: Partner): { readonly identity: string; readonly content: string } {
  const { partnerLeadId, ...rest } = own;
  const content = JSON.stringify(rest);
  if (partnerLeadId === undefined) return { identity: content, content };
  return { identity: JSON.stringify([partnerLeadId, ...partner.identity.map((field) => own[field] ?? '')]), content };
}
