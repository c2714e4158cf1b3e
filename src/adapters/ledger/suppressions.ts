import { sql } from 'kysely';
import type { SuppressionList, Suppressions } from '../../app/ports/suppressions.ts';
import type { Suppressed } from '../../domain/suppression.ts';
import type { LedgerDatabase } from './database.ts';

interface Read {
  readonly version: number;
  readonly tags: readonly (Suppressed & { readonly tag: string })[] | null;
}

/** The suppression list: read once a file, and by a worker once for each version of it. */
export function createSuppressions(db: LedgerDatabase): Suppressions {
  let newest: SuppressionList | null = null;
  return {
    async read(version) {
      if (newest !== null && newest.version === version) return newest;
      // One statement: the list is of the version that it says.
      const { rows } = await sql<Read>`
        select l.version, (select jsonb_agg(jsonb_build_object('tag', s.tag::text, 'erasure', s.erasure_id::text,
          'evenWithNif', s.even_with_nif)) from suppressed_tag s) as tags
        from suppression_list l`.execute(db);
      const tags = rows[0]?.tags ?? [];
      const byTag = Map.groupBy(tags, ({ tag }) => tag);
      newest = {
        version: rows[0]?.version ?? 0,
        byTag,
        isAnyEvenWithNif: tags.some(({ evenWithNif }) => evenWithNif),
        inForce: new Set(tags.map(({ erasure }) => erasure)),
      };
      return newest;
    },

    async leaveRow(rowId, erasure) {
      await sql`insert into erasing_row (row_id, erasure_id) values (${rowId}, ${erasure})
        on conflict do nothing`.execute(db);
    },
  };
}
