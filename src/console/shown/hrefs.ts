import type { RowKind } from '../../domain/file-life.ts';

/** What a listing of rows can be narrowed to by a link. */
export interface RowsLink {
  readonly partner?: string;
  readonly file?: string;
  readonly kind?: RowKind;
  readonly state?: string;
  readonly code?: string;
  readonly night?: string;
  readonly since?: string;
  readonly until?: string;
  /** The page behind this row. */
  readonly after?: string;
}

export function hrefOfRows(link: RowsLink): string {
  return withQuery('/rows', { ...link });
}

export function hrefOfFile(id: string): string {
  return `/files/${encodeURIComponent(id)}`;
}

/** A row of either kind has its page among the leads. */
export function hrefOfRow(id: string): string {
  return `/leads/${encodeURIComponent(id)}`;
}

/** The work list of what is in doubt. */
export function hrefOfDoubts(link: { readonly partner?: string; readonly kind?: RowKind } = {}): string {
  return withQuery('/in-doubt', { ...link });
}

/** What is told outside. */
export function hrefOfDeliveries(
  link: { readonly partner?: string | undefined; readonly file?: string; readonly state?: string | undefined } = {},
): string {
  return withQuery('/deliveries', { ...link });
}

export function hrefOfDelivery(id: string): string {
  return `/deliveries/${encodeURIComponent(id)}`;
}

export function hrefOfPartner(id: string): string {
  return `/partners/${encodeURIComponent(id)}`;
}

export function hrefOfReplay(id: string): string {
  return `/replays/${encodeURIComponent(id)}`;
}

/** What a replay of such rows would do. */
export function hrefOfReplayPreview(link: Omit<RowsLink, 'after'> & { readonly row?: string }): string {
  return withQuery('/replays/new', { ...link });
}

/** Without what is absent or empty. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
