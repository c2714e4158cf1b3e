import { sql } from 'kysely';
import type { AuditEvent, AuditFilter, AuditPages } from '../../app/ports/audit-pages.ts';
import type { LedgerDatabase } from './database.ts';

/** A page looks at no more events. */
const mostEvents = 20_000;
/** Behind every event there is. */
const end = '9223372036854775807';

const columns = sql.raw(`e.seq::text as seq, e.at, e.actor, e.action, e.partner, e.file_id::text as "fileId",
  e.row_id::text as "rowId", e.from_state as "from", e.to_state as "to", e.code, e.reason, e.detail`);

/** As the index says it, or the planner does not know it again. */
const ofPeople = sql.raw(`(actor like 'cli:%' or actor like 'console%')`);

export function createAuditPages(db: LedgerDatabase): AuditPages {
  return {
    async page(filter, before, limit) {
      const from = before ?? (filter.until === undefined ? end : await seqAt(db, filter.until));
      const lane = laneOf(filter);
      const looked = sql`(select * from audit_event where ${lane} and seq < ${from} order by seq desc limit ${sql.lit(mostEvents)})`;
      const { rows } = await sql<AuditEvent>`select ${columns} from ${looked} as e
        where ${where(filter)} order by e.seq desc limit ${limit + 1}`.execute(db);
      if (rows.length > limit) {
        const events = rows.slice(0, limit);
        return { events, next: events.at(-1)?.seq ?? null, lookedAt: null };
      }
      // Not full: is there anything behind what was looked at, and is it not too old?
      const { rows: last } = await sql<{ seq: string; n: number; isTooOld: boolean }>`
        select min(seq)::text as seq, count(*)::int as n, coalesce(min(at) < ${filter.since ?? null}, false) as "isTooOld"
        from ${looked} as e`.execute(db);
      const found = last[0];
      const goesOn = found !== undefined && found.n === mostEvents && !found.isTooOld;
      return { events: rows, next: goesOn ? found.seq : null, lookedAt: goesOn ? found.n : null };
    },
  };
}

/** The index that leads along. */
function laneOf({ rowId, fileId, isOfPeople, actor }: AuditFilter) {
  if (rowId !== undefined) return sql`row_id = ${rowId}`;
  if (fileId !== undefined) return sql`row_id is null and file_id = ${fileId}`;
  const isPerson = actor !== undefined && /^(cli:|console)/.test(actor);
  return isOfPeople === true || isPerson ? ofPeople : sql`true`;
}

function where({ isOfPeople, actor, action, partner, since, until }: AuditFilter) {
  const conditions = [
    isOfPeople === true ? ofPeople : null,
    actor === undefined ? null : sql`e.actor = ${actor}`,
    action === undefined ? null : sql`e.action = ${action}`,
    partner === undefined ? null : sql`e.partner = ${partner}`,
    since === undefined ? null : sql`e.at >= ${since}`,
    until === undefined ? null : sql`e.at < ${until}`,
  ].filter((condition) => condition !== null);
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

/**
 * The first number whose event is not before a moment, about: numbers grow with time but for a moment's work. A few dozen
 * looks at single events, so that no index of times has to be kept.
 */
async function seqAt(db: LedgerDatabase, moment: Date): Promise<string> {
  const { rows } = await sql<{ first: string | null; last: string | null }>`
    select min(seq)::text as first, max(seq)::text as last from audit_event`.execute(db);
  let low = BigInt(rows[0]?.first ?? 0);
  let high = BigInt(rows[0]?.last ?? 0) + 1n;
  while (low < high) {
    const middle = (low + high) / 2n;
    const { rows: found } = await sql<{ seq: string; isBefore: boolean }>`
      select e.seq::text as seq, e.at < ${moment} as "isBefore" from audit_event e
      -- By its own name: \`seq\` would be the text above, and every event would be sorted.
      where e.seq >= ${String(middle)} order by e.seq limit 1`.execute(db);
    const event = found[0];
    if (event?.isBefore === true) low = BigInt(event.seq) + 1n;
    else high = middle;
  }
  // Transactions that overlap number their events across each other.
  return String(low + 1_000n);
}
