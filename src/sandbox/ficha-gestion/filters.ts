/** What a listing can be narrowed to, by the contract's names. The values stand in the URL: none of them says who someone is. */
export const facets = ['partner', 'campaign', 'ramo', 'estado'] as const;
export type Facet = (typeof facets)[number];

/** The estado to filter by for leads that no update has set one on. No estado is a word. */
export const noEstado = 'none';

export interface Filters {
  /** Exact values. A facet that is absent lets every lead through. */
  readonly facets: Readonly<Partial<Record<Facet, string>>>;
  /** A token of `searches.ts` for what was searched for. Null: nothing was. */
  readonly search: string | null;
}

/** Takes a parsed query string or form; what is empty, repeated or unknown is left out. */
export function readFilters(said: Readonly<Record<string, unknown>>): Filters {
  const chosen = facets.flatMap((facet) => {
    const value = readValue(said[facet]);
    return value === null ? [] : [[facet, value] as const];
  });
  return { facets: Object.fromEntries(chosen), search: readValue(said['search']) };
}

/** The first text of what a query string or a form has under a name, or null. PostgreSQL's text knows no NUL. */
export function readValue(said: unknown): string | null {
  const first: unknown = Array.isArray(said) ? said[0] : said;
  if (typeof first !== 'string') return null;
  const value = first.replaceAll('\0', '').trim();
  return value === '' ? null : value;
}

export function isFiltered({ facets: chosen, search }: Filters): boolean {
  return search !== null || Object.keys(chosen).length > 0;
}

/** `path` with the filters, and whatever else, as its query string. */
export function withFilters(
  path: string,
  { facets: chosen, search }: Filters,
  more: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams({ ...chosen, ...(search === null ? {} : { search }), ...more }).toString();
  return query === '' ? path : `${path}?${query}`;
}
