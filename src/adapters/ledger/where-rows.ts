import { sql } from 'kysely';
import type { RowFilter } from '../../app/ports/ledger.ts';

/** A filter of rows as a condition on `r`. The limit is the statement's own. */
export function whereRows(filter: Omit<RowFilter, 'limit'>) {
  const conditions = [
    filter.partner === undefined ? null : sql`r.partner = ${filter.partner}`,
    filter.fileId === undefined ? null : sql`r.file_id = ${filter.fileId}`,
    filter.state === undefined ? null : sql`r.state = ${filter.state}`,
    filter.code === undefined ? null : sql`r.code = ${filter.code}`,
    filter.kind === undefined ? null : sql`r.kind = ${filter.kind}`,
    filter.rowId === undefined ? null : sql`r.id = ${filter.rowId}`,
    filter.night === undefined
      ? null
      : sql`r.file_id = any (array(select id from file where night = ${filter.night}::date))`,
    filter.since === undefined ? null : sql`r.updated_at >= ${filter.since}`,
    filter.until === undefined ? null : sql`r.updated_at < ${filter.until}`,
    filter.belowId === undefined ? null : sql`r.id < ${filter.belowId}`,
  ].filter((condition) => condition !== null);
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}
