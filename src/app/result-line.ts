import type { FileKind } from '../domain/file-life.ts';
import { isFaultCode, partnerText, type ResultLanguage } from '../domain/faults.ts';
import { openLeadRowStates } from '../domain/lead-row.ts';
import type { Partner } from '../domain/partner.ts';
import type { Problem } from '../domain/problem.ts';
import { openStatusUpdateStates } from '../domain/status-update.ts';
import type { LedgerRow, RowState } from './ports/row.ts';

/** The result file's columns, in order. Scripts of partners read them: added to at the end, never renamed. */
const resultColumns = [
  'row',
  'partnerLeadId',
  'outcome',
  'leadId',
  'idLanding',
  'agenteId',
  'multiAcceso',
  'communication',
  'code',
  'column',
  'message',
  'warnings',
  'firstRow',
  'updatedAt',
] as const;

/** In a mixed file a record that is a lead and an update has a line for each: the last column says which. */
export function resultColumnsOf(kind: FileKind): readonly string[] {
  return kind === 'mixed' ? [...resultColumns, 'kind'] : resultColumns;
}

/** What a line tells of a row. */
export type ToldRow = Pick<
  LedgerRow,
  | 'rowNumber'
  | 'fileId'
  | 'state'
  | 'leadId'
  | 'idLanding'
  | 'agenteId'
  | 'clientAnswer'
  | 'code'
  | 'problems'
  | 'warnings'
  | 'erasure'
> & {
  /** Null: it is not in the ledger. */
  readonly updatedAt: Date | null;
};

export interface ResultSource {
  readonly row: ToldRow;
  /** Instead of the row's state. */
  readonly outcome?: string;
  /** For a duplicate, the row it points to. */
  readonly original: ToldRow | null;
  readonly partnerLeadId: string | null;
  /** The API's own message, opened. */
  readonly message: string | null;
  /** For a duplicate that differs: the columns in which it does. */
  readonly changed: readonly string[];
}

/** One row of the result file: what became of it, and what the partner should do. Pure, so that the same ledger gives the same bytes. */
export function resultLine(
  { row, original, partnerLeadId, message, changed, outcome }: ResultSource,
  partner: Partner,
): readonly string[] {
  // A duplicate has the lead of its original, and tells its agent and leadId.
  const told = row.state === 'duplicate' && original !== null ? original : row;
  // "Not managed" shows nothing else of the answer: it would tell one partner about another's client.
  const answer = told.state === 'not_managed' ? null : told.clientAnswer;
  const { communication, results } = partner;
  if (row.erasure != null) return erasedLine(row, told, outcome ?? outcomeOf(row, original), results.language);
  return [
    row.rowNumber === null ? '' : String(row.rowNumber),
    partnerLeadId ?? '',
    outcome ?? outcomeOf(row, original),
    told.leadId ?? '',
    told.idLanding ?? '',
    told.state === 'registered' ? (told.agenteId ?? '') : '',
    answer?.multiAcceso == null ? '' : String(answer.multiAcceso),
    answer?.multiAcceso == null ? '' : ((answer.multiAcceso ? communication.shared : communication.own) ?? ''),
    row.code ?? '',
    [...new Set([...row.problems.flatMap((problem) => problem.column ?? []), ...changed])].join(' '),
    messageOf(row, message, results.language),
    row.warnings.map((warning) => tell(warning, results.language)).join(' '),
    original === null || row.state !== 'duplicate' ? '' : firstRowOf(row, original),
    row.updatedAt?.toISOString() ?? '',
  ];
}

/** What stays of a row whose person is erased, or was refused for being so: no word of the partner's or the insurer's. */
function erasedLine(row: ToldRow, told: ToldRow, outcome: string, language: ResultLanguage): readonly string[] {
  const code = row.code === 'ROW_SUPPRESSED' ? row.code : 'ROW_ERASED';
  const [leadId, idLanding] = [told.leadId ?? '', told.idLanding ?? ''];
  const number = row.rowNumber === null ? '' : String(row.rowNumber);
  const updatedAt = row.updatedAt?.toISOString() ?? '';
  return [number, '', outcome, leadId, idLanding, '', '', '', code, '', tell({ code }, language), '', '', updatedAt];
}

const openStates: ReadonlySet<RowState> = new Set([...openLeadRowStates, ...openStatusUpdateStates]);

/** In an interim result: the rows of which nobody can tell yet how they end. */
function outcomeOf(row: ToldRow, original: ToldRow | null): string {
  const isPending =
    openStates.has(row.state) || (row.state === 'duplicate' && original !== null && openStates.has(original.state));
  return isPending ? 'pending' : row.state;
}

function messageOf(row: ToldRow, apiMessage: string | null, language: ResultLanguage): string {
  const problems: readonly Problem[] =
    row.problems.length > 0 || row.code === null ? row.problems : [{ code: row.code }];
  const told = problems.filter((problem) => isFaultCode(problem.code)).map((problem) => tell(problem, language));
  // Of the API's own words only those that explain a problem; of a client that is not managed, nothing.
  const explains = apiMessage !== null && told.length > 0 && row.state !== 'not_managed';
  return [...told, ...(explains ? [apiMessage] : [])].join(' ');
}

function tell(problem: Problem, language: ResultLanguage): string {
  return partnerText(problem.code, language, { column: problem.column ?? '', ...problem.detail });
}

/** The row number for one file; with another file's id before it otherwise. */
function firstRowOf(row: ToldRow, original: ToldRow): string {
  const number = original.rowNumber === null ? '' : String(original.rowNumber);
  return original.fileId === row.fileId ? number : `${original.fileId ?? ''}:${number}`;
}
