import type { FileKind } from './file-life.ts';
import { fold } from './fold.ts';
import { isAliasOf, isFirstName, isLastName, isOptOut } from './header-aliases.ts';
import type { ColumnSource, Partner } from './partner.ts';
import { updateFieldNames } from './update-field-names.ts';

/** By field: the positions of its cells. More than one are joined with a space. */
export type MappedColumns = Readonly<Record<string, readonly number[]>>;

/** The columns listed by a fault are contract or ledger field names, never the partner's headers. */
export type MappedHeader =
  | { readonly kind: 'mapped'; readonly columns: MappedColumns }
  | {
      readonly kind: 'fault';
      readonly code: 'FILE_COLUMNS_MISSING' | 'FILE_HEADER_AMBIGUOUS';
      readonly columns: readonly string[];
    };

type Found = readonly number[] | 'ambiguous' | null;

/**
 * Finds the columns of a file by the partner's config and, for fields that it does not name, by the usual headers.
 * `leadFieldNames` are the contract's; a column of any other field is never looked at.
 */
export function mapHeader(
  header: readonly string[],
  partner: Partner,
  kind: FileKind,
  leadFieldNames: readonly string[],
): MappedHeader {
  const fields = fieldsOf(kind, leadFieldNames);
  const folded = header.map(fold);
  const columns: Record<string, readonly number[]> = {};
  const ambiguous: string[] = [];
  const take = (field: string, found: Found): void => {
    if (found === 'ambiguous') ambiguous.push(field);
    else if (found !== null) columns[field] = found;
  };

  for (const field of fields) {
    const source = partner.columns[field];
    if (source !== undefined) take(field, findConfigured(folded, source, field));
  }
  const orderBy = partner.updates.orderBy;
  if (kind !== 'leads' && orderBy !== null) take('orderBy', findConfigured(folded, { headers: [orderBy] }, 'orderBy'));

  // A column that the config has given to a field is no longer a guess for another.
  const claimed = new Set(Object.values(columns).flat());
  const free = folded.map((name, position) => (claimed.has(position) ? '' : name));
  for (const field of fields) {
    if (partner.columns[field] === undefined) take(field, findByAlias(free, field));
  }

  if (ambiguous.length > 0) return { kind: 'fault', code: 'FILE_HEADER_AMBIGUOUS', columns: ambiguous };
  const missing = missingFor(kind, columns, partner);
  if (missing.length > 0) return { kind: 'fault', code: 'FILE_COLUMNS_MISSING', columns: missing };
  return { kind: 'mapped', columns };
}

/** What files of a kind are read for. In a mixed file the partner's own id is of the lead and of its state alike. */
export function fieldsOf(kind: FileKind, leadFieldNames: readonly string[]): readonly string[] {
  if (kind === 'leads') return leadFieldNames;
  if (kind === 'updates') return updateFieldNames;
  return [...new Set([...leadFieldNames, ...updateFieldNames])];
}

function findConfigured(folded: readonly string[], source: ColumnSource, field: string): Found {
  if ('join' in source) {
    const found = source.join.map((name) => positionOf(folded, name, field));
    if (found.includes('ambiguous')) return 'ambiguous';
    const positions = found.filter((position) => typeof position === 'number');
    return positions.length === source.join.length ? positions : null;
  }
  for (const name of source.headers) {
    const position = positionOf(folded, name, field);
    if (position === 'ambiguous') return position;
    if (position !== null) return [position];
  }
  return null;
}

function positionOf(folded: readonly string[], name: string, field: string): number | 'ambiguous' | null {
  const wanted = fold(name);
  const position = folded.indexOf(wanted);
  if (position === -1 || (field === 'acceptTerms' && isOptOut(wanted))) return null;
  return folded.indexOf(wanted, position + 1) === -1 ? position : 'ambiguous';
}

function findByAlias(folded: readonly string[], field: string): Found {
  const found = only(folded, (name) => isAliasOf(field, name) && !(field === 'acceptTerms' && isOptOut(name)));
  return found === null && field === 'name' ? findFirstAndLast(folded) : found;
}

function findFirstAndLast(folded: readonly string[]): Found {
  const first = only(folded, isFirstName);
  const last = only(folded, isLastName);
  if (first === 'ambiguous' || last === 'ambiguous') return 'ambiguous';
  return first === null ? null : [...first, ...(last ?? [])];
}

function only(folded: readonly string[], belongs: (name: string) => boolean): Found {
  const positions = folded.flatMap((name, position) => (name !== '' && belongs(name) ? [position] : []));
  if (positions.length > 1) return 'ambiguous';
  return positions.length === 1 ? positions : null;
}

function missingFor(kind: FileKind, columns: MappedColumns, partner: Partner): string[] {
  if (kind === 'leads') return missingForLeads(columns, partner);
  if (kind === 'updates') return missingForUpdates(columns, partner);
  // A state says that it is the lead's by standing in its record; without the column it would be a leads file.
  const ofState = missingForUpdates(columns, partner).filter((field) => field !== 'leadId' && field !== 'estado');
  const estado = columns['estado'] === undefined ? ['estado'] : [];
  return [...missingForLeads(columns, partner), ...estado, ...ofState];
}

function missingForLeads(columns: MappedColumns, partner: Partner): string[] {
  const has = (field: string): boolean => columns[field] !== undefined || hasDefault(partner, field);
  const required = ['acceptTerms', 'name', 'phone', 'motivoLlamada'];
  if (partner.withoutNif === 'reject') required.push('dni');
  const missing = required.filter((field) => !has(field));
  const tableServes = Object.keys(partner.agent.byPostalCode).length > 0 && has('postalcode');
  if (!has('agenteId') && partner.agent.default === null && !tableServes) missing.push('agenteId');
  return missing;
}

function missingForUpdates(columns: MappedColumns, partner: Partner): string[] {
  const missing: string[] = [];
  if (columns['leadId'] === undefined && columns['partnerLeadId'] === undefined) missing.push('leadId');
  if (columns['estado'] === undefined && !hasDefault(partner, 'estado')) missing.push('estado');
  const hasNote = columns['observacion'] !== undefined || hasDefault(partner, 'observacion');
  if (!hasNote && partner.updates.observacion === null) missing.push('observacion');
  if (partner.updates.orderBy !== null && columns['orderBy'] === undefined) missing.push('orderBy');
  return missing;
}

function hasDefault(partner: Partner, field: string): boolean {
  return (partner.defaults[field] ?? '') !== '';
}
