import type { FileKind, RowKind } from './file-life.ts';
import { fold } from './fold.ts';
import type { MappedColumns } from './map-header.ts';
import { ownTextsOf } from './own-texts.ts';
import type { Partner } from './partner.ts';
import { updateFieldNames } from './update-field-names.ts';

/** A file's columns by the row that is read from them. A mixed file has both, and the partner's own id in both. */
export interface RowColumns {
  readonly lead: MappedColumns;
  readonly update: MappedColumns;
}

const ofUpdates: readonly string[] = [...updateFieldNames, 'orderBy'];

/**
 * What a lead is read from in a mixed file is what it is read from in a leads file: a lead whose state alone has changed
 * says the same as yesterday.
 */
export function columnsByRow(columns: MappedColumns, kind: FileKind, leadFieldNames: readonly string[]): RowColumns {
  if (kind === 'leads') return { lead: columns, update: {} };
  if (kind === 'updates') return { lead: {}, update: columns };
  return { lead: pick(columns, leadFieldNames), update: pick(columns, ofUpdates) };
}

function pick(columns: MappedColumns, names: readonly string[]): MappedColumns {
  return Object.fromEntries(Object.entries(columns).filter(([field]) => names.includes(field)));
}

/**
 * The rows that a record of a mixed file is, never none. One with a leadId speaks of a lead that exists: it creates none,
 * or a lead that leadsync did not create would be created again. Without an estado there is nothing to set.
 */
export function rowsOfRecord(
  cells: readonly string[],
  { update }: RowColumns,
  { updates: { initial } }: Pick<Partner, 'updates'>,
): readonly RowKind[] {
  const own = ownTextsOf(cells, update);
  if (own['leadId'] !== undefined) return ['update'];
  const estado = own['estado'];
  return estado === undefined || initial.includes(fold(estado)) ? ['lead'] : ['lead', 'update'];
}
