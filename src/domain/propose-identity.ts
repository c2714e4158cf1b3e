import type { FileKind } from './file-life.ts';
import { createIdTally, type IdCounts } from './id-tally.ts';
import type { SampleColumn } from './sample-column.ts';

/** What the sample says about the partner's ids. */
export interface IdentityProposal {
  /** Ids that stand on rows which differ. */
  readonly repeated: number;
  /** Fields in which such rows differ, with the number of ids: then the id is a contact's and not an enquiry's. */
  readonly tellApart: readonly { readonly field: string; readonly ids: number }[];
  /** Columns that could be the id, where no header says so. */
  readonly candidates: readonly string[];
  readonly ids: IdCounts;
}

// What tells two enquiries of one person apart. Nothing that a person may correct belongs to an identity.
const fieldsOfEnquiry = ['ramo', 'motivoLlamada', 'campaign'];

export function proposeIdentity(
  columnOf: (field: string) => SampleColumn | undefined,
  free: readonly SampleColumn[],
  kind: FileKind,
): IdentityProposal {
  const id = columnOf('partnerLeadId');
  const phones = columnOf('phone')?.values ?? [];
  const ids = createIdTally();
  for (const [index, value] of (id?.values ?? []).entries()) {
    ids.add(index + 2, value === '' ? undefined : value, { phone: phones[index] ?? '' });
  }
  const compared = fieldsOfEnquiry.flatMap((field) => {
    const column = columnOf(field);
    return column === undefined ? [] : [{ field, column }];
  });
  const repeated = id === undefined ? [] : groupsOf(id.values);
  const told = [columnOf('dni'), columnOf('name'), columnOf('phone'), ...compared.map(({ column }) => column)];
  const differing = repeated.filter((rows) => told.some((column) => column !== undefined && differs(column, rows)));
  return {
    repeated: differing.length,
    tellApart: compared
      .map(({ field, column }) => ({ field, ids: differing.filter((rows) => differs(column, rows)).length }))
      .filter((one) => one.ids > 0),
    candidates: id === undefined ? free.filter((column) => isCandidate(column, kind)).map(({ header }) => header) : [],
    ids: ids.result(),
  };
}

/** Row indexes of each value that stands more than once. */
function groupsOf(values: readonly string[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const [index, value] of values.entries()) {
    if (value !== '') groups.set(value, [...(groups.get(value) ?? []), index]);
  }
  return [...groups.values()].filter((rows) => rows.length > 1);
}

function differs({ values }: SampleColumn, rows: readonly number[]): boolean {
  return new Set(rows.map((row) => values[row])).size > 1;
}

/** A number of its own in nearly every row; in updates files it comes again with every update. */
function isCandidate({ shape, values, distinct, filled }: SampleColumn, kind: FileKind): boolean {
  const ids = values.filter((value) => /^(?=.*\d)\S+$/.test(value)).length;
  const isOwn = kind === 'updates' || distinct >= filled * 0.9;
  return shape === null && filled > 1 && ids >= values.length * 0.8 && isOwn;
}
