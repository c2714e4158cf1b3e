import { facets } from './filters.ts';
import type { Facet, Filters } from './filters.ts';

/** What a listing is asked for. `text` is what was searched for. */
export interface Sought {
  readonly facets: Filters['facets'];
  readonly text: string | null;
}

/** A where clause for sandbox.leads with the values of its parameters, $1 and on. */
export interface Conditions {
  readonly where: string;
  /** The same, yet so that the index of words is of no use to the planner. */
  readonly whereWithoutWords: string;
  readonly values: readonly string[];
}

/** Generated columns of tables.ts, cut there to the same length. */
export const columnOf: Readonly<Record<Facet, string>> = {
  partner: 'partner',
  campaign: 'campaign',
  ramo: 'ramo',
  estado: 'estado_or_none',
};

export function conditionsOf({ facets: chosen, text }: Sought): Conditions {
  const values: string[] = [];
  const conditions = facets.flatMap((facet) => {
    const value = chosen[facet];
    return value === undefined ? [] : [`${columnOf[facet]} = left($${values.push(value)}, 255)`];
  });
  const words = text === null ? 'true' : `(words @@ sandbox.sought($${values.push(text)}))`;
  return {
    where: [...conditions, words].join(' and '),
    whereWithoutWords: [...conditions, `${words} is true`].join(' and '),
    values,
  };
}
