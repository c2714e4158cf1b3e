import { sql, type RawBuilder } from 'kysely';
import type { LedgerPages, RowPage, WalkFilter } from '../../app/ports/ledger-pages.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { rowColumns } from './read-row.ts';
import { statesApart } from './state-lists.ts';
import { whereRows } from './where-rows.ts';

/** A page looks at no more rows, and into no more files. Literal, so that the planner knows them, too. */
const mostRows = 20_000;
const mostFiles = 500;

/** Where a page begins: behind a row. */
interface Place {
  readonly id: string;
  readonly fileId: string | null;
  readonly rowNumber: number;
  readonly kind: string;
}

/**
 * Reads rows along the index of a file's rows, so that the order of a page costs nothing. The counters say which files have
 * a row in a state at all; within a file the rare states have an index of their own. What is left to look for is looked
 * for among `mostRows` rows, and then on the next page.
 */
export function createWalkRows(db: LedgerDatabase): LedgerPages['walkRows'] {
  return (filter, after, limit) =>
    db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (snapshot) => {
        // Else the planner reads a file to its end and sorts it, where it takes that for cheaper.
        await sql`select set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`.execute(
          snapshot,
        );
        const place = after === null ? null : await placeOf(snapshot, after);
        if (filter.fileId !== undefined || filter.night !== undefined || (place !== null && place.fileId !== null))
          return pageOfFiles(snapshot, { filter, place, limit });
        const first = await pageOfNoFile(snapshot, { filter, place, limit });
        if (first.next !== null) return first;
        if (first.rows.length === limit) return fullPage(first.rows, limit);
        const { rows, ...rest } = await pageOfFiles(snapshot, {
          filter,
          place: null,
          limit: limit - first.rows.length,
        });
        return { rows: [...first.rows, ...rows], ...rest };
      });
}

interface Walk {
  readonly filter: WalkFilter;
  /** Null: from the beginning. */
  readonly place: Place | null;
  readonly limit: number;
}

async function one<T>(db: LedgerDatabase, query: RawBuilder<T>): Promise<T | null> {
  const { rows } = await query.execute(db);
  return rows[0] ?? null;
}

function placeOf(db: LedgerDatabase, id: string): Promise<Place | null> {
  return one(
    db,
    sql<Place>`select id::text as id, file_id::text as "fileId", row_number as "rowNumber", kind
      from ledger_row where id = ${id}`,
  );
}

async function pageOfNoFile(db: LedgerDatabase, { filter, place, limit }: Walk): Promise<RowPage> {
  const walk = sql`select r.* from ledger_row r where r.file_id is null
    and ${place === null ? sql`true` : sql`r.id < ${place.id}`} order by r.id desc limit ${sql.lit(mostRows)}`;
  const { rows } = await sql<LedgerRow>`select ${rowColumns} from (${walk}) as r
    where ${whereRows(filter)} limit ${limit + 1}`.execute(db);
  if (rows.length > limit) return fullPage(rows, limit);
  const last = sql<{ id: string }>`select id::text as id from (${walk}) as r offset ${sql.lit(mostRows - 1)}`;
  return cutPage(rows, await one(db, last));
}

async function pageOfFiles(db: LedgerDatabase, { filter, place, limit }: Walk): Promise<RowPage> {
  const walk = sql`with files as materialized (${filesToWalk(filter, place)}), walked as (${walkFiles(filter, place)})`;
  const found = await sql<Key>`${walk}
    select ${keyColumns} from walked w where ${fits(filter)} limit ${limit + 1}`.execute(db);
  const rows = await rowsOf(db, found.rows);
  if (rows.length > limit) return fullPage(rows, limit);
  const ends = await sql<Key>`${walk}
    (select ${keyColumns} from walked w offset ${sql.lit(mostRows - 1)})
    union all
    -- Behind the last of these files more may follow.
    (select ${keyColumns} from (select id from files offset ${sql.lit(mostFiles - 1)}) as f
      cross join lateral (select r.file_id, r.row_number, r.kind from ledger_row r where r.file_id = f.id
        order by r.row_number desc, r.kind desc limit 1) as w)`.execute(db);
  const [last = null] = await rowsOf(db, ends.rows);
  return cutPage(rows, last);
}

/** What tells a row in the order of files. */
interface Key {
  readonly fileId: string;
  readonly rowNumber: number;
  readonly kind: string;
}

const keyColumns = sql.raw('w.file_id::text as "fileId", w.row_number as "rowNumber", w.kind');

/** In the order of a walk. Fetched and sorted apart from it: a plan for both goes over the whole ledger at times. */
async function rowsOf(db: LedgerDatabase, keys: readonly Key[]): Promise<readonly LedgerRow[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<LedgerRow>`select ${rowColumns}
    from unnest(${keys.map(({ fileId }) => fileId)}::bigint[], ${keys.map(({ rowNumber }) => rowNumber)}::int[],
      ${keys.map(({ kind }) => kind)}::text[]) as k (file_id, row_number, kind)
    join ledger_row r on r.file_id = k.file_id and r.row_number = k.row_number and r.kind = k.kind`.execute(db);
  return rows.toSorted(
    (one, other) =>
      Number(other.fileId) - Number(one.fileId) ||
      (one.rowNumber ?? 0) - (other.rowNumber ?? 0) ||
      one.kind.localeCompare(other.kind),
  );
}

/** One more row than a page has was found. */
function fullPage(rows: readonly LedgerRow[], limit: number): RowPage {
  const page = rows.slice(0, limit);
  return { rows: page, next: page.at(-1)?.id ?? null, lookedAt: null };
}

/** The walk ended with its last row, or as it had gone far enough. */
function cutPage(rows: readonly LedgerRow[], last: { readonly id: string } | null): RowPage {
  return { rows, next: last?.id ?? null, lookedAt: last === null ? null : mostRows };
}

/** The files that may have rows of this page, newest first. */
function filesToWalk({ partner, fileId, state, kind, night, until }: WalkFilter, place: Place | null) {
  const counted = sql.join(
    [
      sql`c.file_id = f.id and c.n > 0`,
      ...(state === undefined ? [] : [sql`c.state = ${state}`]),
      ...(kind === undefined ? [] : [sql`c.kind = ${kind}`]),
    ],
    sql` and `,
  );
  const conditions = [
    sql`(exists (select from file_count c where ${counted}) or exists (select from file_delta c where ${counted}))`,
    ...(partner === undefined ? [] : [sql`f.partner = ${partner}`]),
    ...(fileId === undefined ? [] : [sql`f.id = ${fileId}`]),
    ...(night === undefined ? [] : [sql`f.night = ${night}::date`]),
    ...(until === undefined ? [] : [sql`f.arrived_at < ${until}`]),
    ...(place === null ? [] : [sql`f.id <= ${place.fileId}`]),
  ];
  return sql`select f.id from file f where ${sql.join(conditions, sql` and `)}
    order by f.id desc limit ${sql.lit(mostFiles)}`;
}

/**
 * Nested loops keep the order of both sides and end where enough was found. Of each row no more is read than is asked for:
 * often the index has it.
 */
function walkFiles({ state, code, since, until }: WalkFilter, place: Place | null) {
  const behind =
    place === null
      ? sql`true`
      : sql`(r.row_number, r.kind) > (case when files.id = ${place.fileId} then ${place.rowNumber}::int else 0 end,
          case when files.id = ${place.fileId} then ${place.kind} else '' end)`;
  const columns = sql.raw(
    [
      'r.file_id, r.row_number, r.kind',
      ...(state === undefined ? [] : ['r.state']),
      ...(code === undefined ? [] : ['r.code']),
      ...(since === undefined && until === undefined ? [] : ['r.updated_at']),
    ].join(', '),
  );
  // Of the other states a row would be looked for without an end.
  const inIndex = state !== undefined && statesApart.includes(state) ? sql`r.state = ${sql.lit(state)}` : sql`true`;
  return sql`select r.* from files cross join lateral (
    select ${columns} from ledger_row r where r.file_id = files.id and ${inIndex} and ${behind}
    order by r.row_number, r.kind limit ${sql.lit(mostRows)}) as r limit ${sql.lit(mostRows)}`;
}

/** Partner, file and night are those of the files that are walked. */
function fits({ state, code, kind, since, until }: WalkFilter) {
  const conditions = [
    ...(state === undefined ? [] : [sql`w.state = ${state}`]),
    ...(code === undefined ? [] : [sql`w.code = ${code}`]),
    ...(kind === undefined ? [] : [sql`w.kind = ${kind}`]),
    ...(since === undefined ? [] : [sql`w.updated_at >= ${since}`]),
    ...(until === undefined ? [] : [sql`w.updated_at < ${until}`]),
  ];
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}
