import type { AttemptLine } from '../../app/ports/ledger.ts';
import type { RowKind } from '../../domain/file-life.ts';
import { readDoubt, type Doubt } from '../../view/doubt.ts';
import { readRowKind } from '../../view/row-words.ts';
import type { Query } from '../frame/query.ts';
import type { ConsolePorts } from '../ports.ts';

/** Rows on a page: each is a piece of work, and asked about by itself. */
const pageSize = 20;

export interface ShownDoubt extends Doubt {
  /** The call whose end nobody knows. */
  readonly attempt: AttemptLine | null;
}

export interface DoubtsListed {
  readonly partner: string | null;
  readonly kind: RowKind | null;
  /** Offered as filters. */
  readonly partners: readonly string[];
  readonly doubts: readonly ShownDoubt[];
  /** Of all pages. */
  readonly all: number;
  readonly next: string | null;
  /** It is the first page. */
  readonly isFirst: boolean;
}

/** One page of what is in doubt, the oldest first, each with its evidence. */
export async function readDoubts(
  ports: Pick<ConsolePorts, 'ledger' | 'pages' | 'settings' | 'vault'>,
  query: Query,
  limit = pageSize,
): Promise<DoubtsListed> {
  const { ledger, pages } = ports;
  const partner = query['partner'] ?? null;
  const kind = readRowKind(query['kind'] ?? '');
  const after = /^\d{1,18}$/.test(query['after'] ?? '') ? (query['after'] ?? null) : null;
  const filter = { ...(partner === null ? {} : { partner }), ...(kind === null ? {} : { kind }) };
  const [rows, counts] = await Promise.all([pages.doubts(filter, after, limit + 1), ledger.counts()]);
  const inDoubt = counts.filter(({ state, n }) => state === 'in_doubt' && n > 0);
  const doubts = await Promise.all(
    rows.slice(0, limit).map(async (row) => {
      const [doubt, attempts] = await Promise.all([readDoubt(ports, row), ledger.attempts(row.id)]);
      return { ...doubt, attempt: attempts.findLast(({ id }) => id === row.attemptId) ?? null };
    }),
  );
  return {
    partner,
    kind,
    partners: [
      ...new Set([...inDoubt.map((count) => count.partner), ...(partner === null ? [] : [partner])]),
    ].toSorted(),
    doubts,
    all: inDoubt
      .filter((count) => (partner ?? count.partner) === count.partner && (kind ?? count.kind) === count.kind)
      .reduce((sum, { n }) => sum + n, 0),
    next: rows.length > limit ? (doubts.at(-1)?.row.id ?? null) : null,
    isFirst: after === null,
  };
}
