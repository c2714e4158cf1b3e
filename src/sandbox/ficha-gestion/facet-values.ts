import type { Pool } from 'pg';
import { columnOf } from './conditions.ts';
import { facets } from './filters.ts';
import type { Facet } from './filters.ts';

/** A list to choose from has at most as many. */
const OFFERED = 100;

/** For each facet the values that leads have, in order; null where there are more than 100. */
export type FacetValues = Readonly<Record<Facet, readonly string[] | null>>;

export async function readFacetValues(pool: Pool): Promise<FacetValues> {
  const read = facets.map(async (facet) => [facet, await valuesOf(pool, columnOf[facet])] as const);
  return Object.fromEntries(await Promise.all(read)) as FacetValues;
}

/** Jumps in the index from each value to the next: `distinct` would read every lead. */
async function valuesOf(pool: Pool, column: string): Promise<readonly string[] | null> {
  const { rows } = await pool.query<{ value: string }>(
    `with recursive found as (
       select min(${column}) as value from sandbox.leads
       union all
       select (select min(${column}) from sandbox.leads where ${column} > found.value) from found where value is not null
     )
     select value from found where value is not null limit ${OFFERED + 1}`,
  );
  if (rows.length > OFFERED) return null;
  return rows.map(({ value }) => value).toSorted((a, b) => a.localeCompare(b, 'es', { numeric: true }));
}
