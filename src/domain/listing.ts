import { cleanText } from './clean-text.ts';
import { fold } from './fold.ts';
import { restoreId } from './precision-lost.ts';

/** What a line of an insurer's listing says of one lead. Texts as the insurer has them, out of a spreadsheet's wrapping. */
export interface ListedLead {
  readonly leadId: string;
  readonly partnerLeadId: string;
  readonly requestId: string;
  readonly idLanding: string;
  readonly partner: string;
  readonly ramo: string;
  /** Null: not told, or without a zone, which may be any time. */
  readonly createdAt: Date | null;
}

type Field = keyof ListedLead;

/** Folded: case, accents and punctuation don't count. `leadId` and one of the two ids are needed. */
const names: Readonly<Record<Field, readonly string[]>> = {
  leadId: ['leadid', 'lead id', 'id lead', 'id de lead'],
  partnerLeadId: ['partnerleadid', 'partner lead id', 'id partner', 'id externo', 'referencia del partner'],
  requestId: ['requestid', 'request id', 'x request id'],
  idLanding: ['idlanding', 'id landing'],
  partner: ['partner', 'colaborador'],
  ramo: ['ramo'],
  createdAt: ['createdat', 'created at', 'creado', 'fecha de alta', 'fecha alta'],
};

export type ListingColumns = Readonly<Record<Field, number>>;

/** Finds the columns of a listing; -1 where there is none. Null: not a listing, since nothing of it says which lead is whose. */
export function columnsOfListing(header: readonly string[]): ListingColumns | null {
  const folded = header.map(fold);
  const at = (field: Field): number => folded.findIndex((name) => names[field].includes(name));
  const columns: Record<Field, number> = {
    leadId: at('leadId'),
    partnerLeadId: at('partnerLeadId'),
    requestId: at('requestId'),
    idLanding: at('idLanding'),
    partner: at('partner'),
    ramo: at('ramo'),
    createdAt: at('createdAt'),
  };
  return columns.leadId === -1 || (columns.partnerLeadId === -1 && columns.requestId === -1) ? null : columns;
}

/** Reads one line. Null: its leadId or its id is missing or was damaged by a spreadsheet, so it tells of nobody. */
export function readListedLead(cells: readonly string[], columns: ListingColumns): ListedLead | null {
  const text = (field: Field): string => unescaped(cells[columns[field]] ?? '');
  const leadId = restoreId(text('leadId'));
  const partnerLeadId = restoreId(text('partnerLeadId'));
  const requestId = text('requestId').toLowerCase();
  if (leadId.kind === 'lost' || leadId.text === '' || !/^\S{1,100}$/.test(leadId.text)) return null;
  if (partnerLeadId.kind === 'lost' || (partnerLeadId.text === '' && requestId === '')) return null;
  return {
    leadId: leadId.text,
    partnerLeadId: partnerLeadId.text,
    requestId,
    idLanding: text('idLanding'),
    partner: text('partner'),
    ramo: text('ramo'),
    createdAt: zoned(text('createdAt')),
  };
}

/**
 * What is left of an id whatever it has passed through: a spreadsheet that takes zeros away, a system that writes capitals or
 * punctuates. Two ids with one such form may be one; they need not.
 */
export function looseId(id: string): string {
  return fold(id)
    .replaceAll(' ', '')
    .replace(/^0+(?=.)/, '');
}

/** What a program puts an apostrophe before, so that no spreadsheet runs it, and before what would look like the result. */
// oxlint-disable-next-line no-control-regex -- a NUL is one of them
const escaped = /^'+\s*[=+\-@\t\r\0\uFF0B\uFF0D\uFF1D\uFF20]/;

function unescaped(cell: string): string {
  return escaped.test(cell) ? cell.slice(1) : cleanText(cell);
}

function zoned(text: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text)) return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date;
}
