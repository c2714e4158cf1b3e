import { openFileName } from '../../app/file-name.ts';
import { fileStates, type FileState } from '../../domain/file-life.ts';
import type { NamedFile } from '../../view/take-stock.ts';
import type { Query } from '../frame/query.ts';
import type { ConsolePorts } from '../ports.ts';

/** Files on a page. */
const pageSize = 40;

export interface FilesListed {
  readonly partner: string | null;
  readonly state: FileState | null;
  /** Offered as filters. */
  readonly partners: readonly string[];
  readonly files: readonly NamedFile[];
  /** Older files are behind this one. Null: there are none. */
  readonly next: string | null;
  /** It is the first page. */
  readonly isNewest: boolean;
}

/** One page of the files that fit, newest first. What the address says and nobody understands is left out. */
export async function readFiles(
  { ledger, partners, vault }: Pick<ConsolePorts, 'ledger' | 'partners' | 'vault'>,
  query: Query,
  limit = pageSize,
): Promise<FilesListed> {
  const partner = query['partner'] ?? null;
  const state = fileStates.find((known) => known === query['state']) ?? null;
  const below = /^\d{1,18}$/.test(query['before'] ?? '') ? (query['before'] ?? null) : null;
  const found = await ledger.files({
    limit: limit + 1,
    ...(partner === null ? {} : { partner }),
    ...(state === null ? {} : { state }),
    ...(below === null ? {} : { belowId: below }),
  });
  const shown = found.slice(0, limit);
  const files = await Promise.all(shown.map(async (file) => ({ ...file, text: await openFileName(vault, file) })));
  const known = new Set([...partners.list().map(({ id }) => id), ...(partner === null ? [] : [partner])]);
  return {
    partner,
    state,
    partners: [...known].toSorted(),
    files,
    next: found.length > limit ? (shown.at(-1)?.id ?? null) : null,
    isNewest: below === null,
  };
}
