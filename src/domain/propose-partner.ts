import { booleanOf } from './boolean-words.ts';
import { isAliasOf, isFirstName, isLastName, isOptOut } from './header-aliases.ts';
import type { FileKind } from './file-life.ts';
import { fold } from './fold.ts';
import { fieldsOf } from './map-header.ts';
import { proposeIdentity, type IdentityProposal } from './propose-identity.ts';
import { sampleColumns, type SampleColumn, type ValueShape } from './sample-column.ts';
import { createWordTally, type WordCounts } from './word-tally.ts';

export interface Sample {
  readonly header: readonly string[];
  /** The first rows, as cells. */
  readonly rows: readonly (readonly string[])[];
}

export interface ProposedColumn {
  readonly field: string;
  /** More than one are joined. */
  readonly headers: readonly string[];
  readonly by: 'header' | 'values';
  /** Of the sample's rows. */
  readonly filled: number;
  /** Columns that fit as well and are less filled. One of the same name makes the file unreadable. */
  readonly others: readonly string[];
}

/** What a partner's config could say, and what only a person can. */
export interface PartnerProposal {
  readonly kind: FileKind;
  readonly rows: number;
  readonly columns: readonly ProposedColumn[];
  /** Fields without which a file is refused, for which nothing was found. */
  readonly missing: readonly string[];
  /** The words of the consent column. Null without such a column. */
  readonly consent: ConsentProposal | null;
  /** Columns that may be the consent; never taken by themselves. */
  readonly consentCandidates: readonly string[];
  /** Columns in which a yes is a no. */
  readonly optOuts: readonly string[];
  /** By field: words of columns that take codes. */
  readonly codes: Readonly<Record<string, WordCounts>>;
  readonly identity: IdentityProposal;
  readonly dates: readonly string[];
  /** In a leads file: the column that says what has become of a lead, as it seems. Whether that is sent, too, a person decides. */
  readonly stateColumn: string | null;
  /** Columns that nothing was recognised in. */
  readonly unmapped: readonly string[];
}

export interface ConsentProposal {
  readonly accepted: readonly string[];
  readonly refused: readonly string[];
  /** In neither of our lists: a person decides. */
  readonly unknown: WordCounts;
  readonly blank: number;
}

// A column may stand for one of these by its values alone. Consent never may.
const shapeOfField: Readonly<Record<string, ValueShape>> = { dni: 'nif', phone: 'phone', email: 'email' };
const personalShapes: ReadonlySet<ValueShape | null> = new Set(['nif', 'phone', 'email']);
const personalFields = ['acceptTerms', 'dni', 'email', 'phone'];
const coded = ['ramo', 'motivoLlamada', 'estado'];
const soundsLikeConsent =
  /privaci|privacy|consent|rgpd|gdpr|lopd|acept|accept|terms|terminos|condiciones|legal|opt ?in/;

/** Proposes a config from a file's header and first rows. Without `kind` the sample says what it holds. */
export function proposePartner(
  sample: Sample,
  leadFieldNames: readonly string[],
  kind: FileKind = kindOf(sample),
): PartnerProposal {
  const all = sampleColumns(sample.header, sample.rows);
  const optOuts = all.filter(({ folded }) => isOptOut(folded));
  const free = new Set(all.filter(({ header, folded }) => header.trim() !== '' && !isOptOut(folded)));
  const fields = fieldsOf(kind, leadFieldNames);

  const columns = fields.flatMap((field) => byHeader(field, free));
  for (const field of fields) {
    if (!columns.some((column) => column.field === field)) columns.push(...byValues(field, free));
  }
  const columnOf = (field: string): SampleColumn | undefined => {
    const headers = columns.find((column) => column.field === field)?.headers ?? [];
    return all.find(({ header }) => header === headers[0]);
  };
  const consent = columnOf('acceptTerms');
  const dates = [...free].filter(({ shape }) => shape === 'date');
  return {
    kind,
    rows: sample.rows.length,
    columns,
    missing: missingOf(kind, columns),
    consent: consent === undefined ? null : consentOf(consent),
    consentCandidates: kind === 'updates' || consent !== undefined ? [] : consentCandidates(free),
    optOuts: optOuts.map(({ header }) => header),
    codes: codesOf(columnOf),
    identity: proposeIdentity(columnOf, [...free], kind),
    dates: dates.map(({ header }) => header),
    stateColumn:
      kind === 'leads' ? ([...free].find(({ folded }) => isAliasOf('estado', folded))?.header ?? null) : null,
    unmapped: [...free].filter((column) => !dates.includes(column)).map(({ header }) => header),
  };
}

/** Rows about people are leads; an updates file names a lead and what has become of it. */
function kindOf({ header, rows }: Sample): FileKind {
  const isAboutPeople = sampleColumns(header, rows).some(
    ({ folded, shape }) => personalShapes.has(shape) || personalFields.some((field) => isAliasOf(field, folded)),
  );
  return isAboutPeople ? 'leads' : 'updates';
}

function byHeader(field: string, free: Set<SampleColumn>): readonly ProposedColumn[] {
  const fitting = [...free].filter(({ folded }) => isAliasOf(field, folded));
  return fitting.length === 0 && field === 'name' ? nameOfTwo(free) : best(field, fitting, 'header', free);
}

function nameOfTwo(free: Set<SampleColumn>): readonly ProposedColumn[] {
  const first = [...free].find(({ folded }) => isFirstName(folded));
  const last = [...free].find(({ folded }) => isLastName(folded));
  if (first === undefined) return [];
  const both = last === undefined ? [first] : [first, last];
  for (const column of both) free.delete(column);
  return [{ field: 'name', headers: both.map(({ header }) => header), by: 'header', filled: first.filled, others: [] }];
}

function byValues(field: string, free: Set<SampleColumn>): readonly ProposedColumn[] {
  const shape = shapeOfField[field];
  const fitting = [...free].filter((column) => shape !== undefined && column.shape === shape);
  return best(field, fitting, 'values', free);
}

function best(
  field: string,
  fitting: readonly SampleColumn[],
  by: ProposedColumn['by'],
  free: Set<SampleColumn>,
): readonly ProposedColumn[] {
  const [first, ...others] = fitting.toSorted((a, b) => b.filled - a.filled);
  if (first === undefined) return [];
  free.delete(first);
  const { header, filled } = first;
  return [{ field, headers: [header], by, filled, others: others.map((other) => other.header) }];
}

function missingOf(kind: FileKind, columns: readonly ProposedColumn[]): readonly string[] {
  const has = (field: string): boolean => columns.some((column) => column.field === field);
  const ofLeads = ['dni', 'name', 'phone', 'acceptTerms', 'motivoLlamada', 'agenteId'].filter((field) => !has(field));
  if (kind === 'leads') return ofLeads;
  const ofUpdates = ['estado', 'observacion'].filter((field) => !has(field));
  if (kind === 'mixed') return [...ofLeads, ...ofUpdates];
  return [...(has('leadId') || has('partnerLeadId') ? [] : ['leadId']), ...ofUpdates];
}

function consentOf({ values }: SampleColumn): ConsentProposal {
  const spellings = { true: new Map<string, string>(), false: new Map<string, string>() };
  const unknown = createWordTally();
  for (const value of values) {
    if (value === '') continue;
    const meaning = booleanOf(fold(value));
    if (meaning === null) unknown.add(value);
    else if (!spellings[meaning].has(fold(value))) spellings[meaning].set(fold(value), value.toLowerCase());
  }
  return {
    accepted: [...spellings.true.values()],
    refused: [...spellings.false.values()],
    unknown: unknown.result(),
    blank: values.filter((value) => value === '').length,
  };
}

function consentCandidates(free: ReadonlySet<SampleColumn>): readonly string[] {
  return [...free]
    .filter(({ folded, shape }) => shape === 'yesNo' || soundsLikeConsent.test(folded))
    .map(({ header }) => header);
}

function codesOf(columnOf: (field: string) => SampleColumn | undefined): Record<string, WordCounts> {
  const codes: Record<string, WordCounts> = {};
  for (const field of coded) {
    const words = createWordTally();
    for (const value of columnOf(field)?.values ?? []) if (value !== '' && !/^\d+$/.test(value)) words.add(value);
    if (words.result().rows > 0) codes[field] = words.result();
  }
  return codes;
}
