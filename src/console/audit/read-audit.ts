import type { AuditFilter, AuditPage } from '../../app/ports/audit-pages.ts';
import { readInstant } from '../../view/instant.ts';
import type { Query } from '../frame/query.ts';
import type { ConsolePorts } from '../ports.ts';

/** Events on a page. */
const pageSize = 50;

export const auditFilterNames = ['who', 'actor', 'action', 'partner', 'file', 'row', 'since', 'until'] as const;
export type AuditFilterName = (typeof auditFilterNames)[number];

export interface AuditListed extends AuditPage {
  /** As it stands in the address. */
  readonly typed: Readonly<Partial<Record<AuditFilterName, string>>>;
  /** What could not be understood: then nothing is listed. */
  readonly faults: Readonly<Partial<Record<AuditFilterName, string>>>;
  /** Without another wish what people did: the others are a hundred times as many. */
  readonly isOfPeople: boolean;
  readonly isNewest: boolean;
  readonly partners: readonly string[];
}

const isId = (text: string): boolean => /^\d{1,18}$/.test(text);

export async function readAudit(
  { auditPages, partners }: Pick<ConsolePorts, 'auditPages' | 'partners'>,
  query: Query,
  at: { readonly now: Date; readonly timeZone: string; readonly limit?: number },
): Promise<AuditListed> {
  const typed = Object.fromEntries(
    auditFilterNames.filter((name) => query[name] !== undefined).map((name) => [name, query[name] ?? '']),
  ) as AuditListed['typed'];
  const faults: Partial<Record<AuditFilterName, string>> = {};
  const since = typed.since === undefined ? undefined : readInstant(typed.since, at);
  const until = typed.until === undefined ? undefined : readInstant(typed.until, at, { endOfDay: true });
  if (since === null) faults.since = 'Expected 2h, 7d, 2026-06-01 or 2026-06-01 02:30.';
  if (until === null) faults.until = 'Expected 2h, 7d, 2026-06-01 or 2026-06-01 02:30.';
  if (typed.file !== undefined && !isId(typed.file)) faults.file = 'Expected the number of a file.';
  if (typed.row !== undefined && !isId(typed.row)) faults.row = 'Expected the number of a row.';
  const isNarrow = typed.row !== undefined || typed.file !== undefined;
  const isOfPeople = typed.who === undefined ? !isNarrow && typed.actor === undefined : typed.who !== 'all';
  const before = query['before'] !== undefined && isId(query['before']) ? query['before'] : null;
  const known = new Set([...partners.list().map(({ id }) => id), ...(typed.partner ? [typed.partner] : [])]);
  const filter: AuditFilter = {
    isOfPeople,
    ...(typed.actor === undefined ? {} : { actor: typed.actor }),
    ...(typed.action === undefined ? {} : { action: typed.action }),
    ...(typed.partner === undefined ? {} : { partner: typed.partner }),
    ...(typed.file === undefined ? {} : { fileId: typed.file }),
    ...(typed.row === undefined ? {} : { rowId: typed.row }),
    ...(since == null ? {} : { since }),
    ...(until == null ? {} : { until }),
  };
  const page =
    Object.keys(faults).length > 0
      ? { events: [], next: null, lookedAt: null }
      : await auditPages.page(filter, before, at.limit ?? pageSize);
  return { ...page, typed, faults, isOfPeople, isNewest: before === null, partners: [...known].toSorted() };
}
