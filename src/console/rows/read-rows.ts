import type { LedgerRow } from '../../app/ports/row.ts';
import type { WalkFilter } from '../../app/ports/ledger-pages.ts';
import { openPartnerLeadId } from '../../app/row-payload.ts';
import { maskPersonal } from '../../domain/mask-personal.ts';
import type { ConsolePorts } from '../ports.ts';
import type { RowsAsked } from './row-filters.ts';

/** Rows on a page. */
const pageSize = 50;

export interface NamedRow {
  readonly row: LedgerRow;
  /** The partner's own id, opened; what is personal in it is masked. */
  readonly partnerLeadId: string | null;
}

export interface RowsListed {
  readonly asked: RowsAsked;
  /** Offered as filters. */
  readonly partners: readonly string[];
  readonly rows: readonly NamedRow[];
  /** Of all pages; null: it would have to be counted. */
  readonly all: number | null;
  readonly next: string | null;
  readonly lookedAt: number | null;
}

export async function readRows(
  ports: Pick<ConsolePorts, 'ledger' | 'pages' | 'partners' | 'vault'>,
  asked: RowsAsked,
  limit = pageSize,
): Promise<RowsListed> {
  const { filter, after, typed } = asked;
  const known = new Set([...ports.partners.list().map(({ id }) => id), ...(typed.partner ? [typed.partner] : [])]);
  const partners = [...known].toSorted();
  if (Object.keys(asked.faults).length > 0) return { asked, partners, rows: [], all: 0, next: null, lookedAt: null };
  const [page, all] = await Promise.all([ports.pages.walkRows(filter, after, limit), countOf(ports, filter)]);
  const rows = await Promise.all(
    page.rows.map(async (row) => {
      const id = await openPartnerLeadId(ports.vault, row);
      return { row, partnerLeadId: id === null ? null : maskPersonal(id) };
    }),
  );
  return { asked, partners, rows, all, next: page.next, lookedAt: page.lookedAt };
}

/** From the counters of files, where the filter is about nothing that they don't count. */
async function countOf(
  { ledger }: Pick<ConsolePorts, 'ledger'>,
  { partner, fileId, kind, state, code, night, since, until }: WalkFilter,
): Promise<number | null> {
  if (code !== undefined || night !== undefined || since !== undefined || until !== undefined) return null;
  const counts =
    fileId === undefined
      ? await ledger.counts()
      : [await ledger.fileView(fileId)].flatMap((file) =>
          Object.entries(file?.countsByKind ?? {}).flatMap(([rowKind, ofKind]) =>
            Object.entries(ofKind).map(([name, n]) => ({ kind: rowKind, partner: file?.partner, state: name, n })),
          ),
        );
  return counts
    .filter(
      (count) =>
        (partner === undefined || count.partner === partner) &&
        (kind === undefined || count.kind === kind) &&
        (state === undefined || count.state === state),
    )
    .reduce((sum, { n }) => sum + n, 0);
}
