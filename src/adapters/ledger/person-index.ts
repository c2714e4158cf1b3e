import { sql } from 'kysely';
import type { PersonIndex, RowsToIndex } from '../../app/ports/person-index.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { rowColumns } from './read-row.ts';
import { whereRows } from './where-rows.ts';

/** Up to which row of a file, or which words of rows that have changed. */
type From =
  | { readonly kind: 'file'; readonly fileId: string; readonly after: number; readonly through: number }
  | { readonly kind: 'words'; readonly words: readonly string[] };

interface Picked {
  readonly fileId: string | null;
  readonly after: number;
  readonly through: number;
  readonly words: readonly string[];
  readonly isReading: boolean;
}

const rowsAPage = 1_000;

/** A file of which no further row can come. It is given up with its last row in the index. */
const isRead = sql`coalesce(f.held_from, f.state) not in ('arrived', 'reading')`;

/**
 * The index of persons. A file's rows up to its checkpoint are committed together with it, so a number for each file says
 * what has been taken, and it grows in the statement that writes the tags: a kill in between repeats a batch or does not.
 */
export function createPersonIndex(db: LedgerDatabase): PersonIndex {
  async function rowsOf(from: From): Promise<RowsToIndex['rows']> {
    const { rows } = await sql<RowsToIndex['rows'][number]>`
      select r.id::text as id, r.key_id as "keyId", r.payload from ledger_row r
      where ${
        from.kind === 'file'
          ? sql`r.file_id = ${from.fileId} and r.row_number > ${from.after} and r.row_number <= ${from.through}`
          : sql`r.id = any (array(select w.row_id from person_word w where w.id = any (${from.words}::bigint[])))`
      }`.execute(db);
    return rows;
  }

  return {
    async nextToIndex(limit) {
      const { rows } = await sql<Picked>`
        with given_up as (
          delete from person_unindexed u using file f where f.id = u.file_id and ${isRead} and u.through >= f.last_row
        ), next as (
          select u.file_id, u.through, least(f.last_row, u.through + ${limit}::int) as last
          from person_unindexed u join file f on f.id = u.file_id
          where f.last_row > u.through order by u.file_id limit 1
        )
        select n.file_id::text as "fileId", coalesce(n.through, 0) as after, coalesce(n.last, 0) as through,
          array(select id::text from person_word order by id limit ${limit}::int) as words,
          exists (select from file where state = 'reading') as "isReading"
        from (select) as one left join next n on true`.execute(db);
      const picked = rows[0];
      const from = picked === undefined ? null : placeOf(picked);
      if (picked === undefined || from === null) return null;
      return { rows: await rowsOf(from), from, isReading: picked.isReading };
    },

    async writeTags({ rows, from }, tags) {
      const place = from as From;
      return db.transaction().execute(async (transaction) => {
        // Tags and place go together, so what a crash of the server takes is written once more: nothing waits for the disk.
        await sql`select set_config('synchronous_commit', 'off', true)`.execute(transaction);
        const { numAffectedRows } =
          place.kind === 'file'
            ? await sql`update person_unindexed set through = ${place.through}
                where file_id = ${place.fileId} and through = ${place.after}`.execute(transaction)
            : await sql`delete from person_word where id = any (${place.words}::bigint[])`.execute(transaction);
        if (numAffectedRows === 0n) return false;
        if (place.kind === 'words') {
          await sql`delete from person_tag where row_id = any (${rows.map(({ id }) => id)}::bigint[])`.execute(
            transaction,
          );
        }
        await sql`insert into person_tag (tag, row_id)
          select * from unnest(${tags.map(({ tag }) => tag)}::bigint[], ${tags.map(({ rowId }) => rowId)}::bigint[])
          on conflict do nothing`.execute(transaction);
        return true;
      });
    },

    async taggedRows(tags, filter) {
      const { rows } = await sql<LedgerRow>`
        select found.* from (
          select distinct row_id from person_tag where tag = any (${tags}::bigint[]) order by row_id desc
        ) as t cross join lateral (
          -- One row at a time: as a join it would read them all.
          select ${rowColumns} from ledger_row r where r.id = t.row_id and ${whereRows(filter)} limit 1
        ) as found
        order by t.row_id desc limit ${filter.limit}`.execute(db);
      return rows;
    },

    async *unindexedRows(filter) {
      const { rows: changed } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r
        where r.id = any (array(select row_id from person_word)) and ${whereRows(filter)}`.execute(db);
      if (changed.length > 0) yield changed;
      const { rows: files } = await sql<{ fileId: string; through: number; lastRow: number }>`
        select u.file_id::text as "fileId", u.through, f.last_row as "lastRow"
        from person_unindexed u join file f on f.id = u.file_id
        where f.last_row > u.through order by u.file_id desc`.execute(db);
      for (const { fileId, through, lastRow } of files) {
        for (let last = lastRow; last > through; last -= rowsAPage) {
          const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r
            where r.file_id = ${fileId} and r.row_number <= ${last}
              and r.row_number > ${Math.max(through, last - rowsAPage)} and ${whereRows(filter)}`.execute(db);
          if (rows.length > 0) yield rows;
        }
      }
    },

    async countUnindexed() {
      const { rows } = await sql<{ n: number }>`
        select (coalesce(sum(greatest(0, f.last_row - u.through)), 0) + (select count(*) from person_word))::int as n
        from person_unindexed u join file f on f.id = u.file_id`.execute(db);
      return rows[0]?.n ?? 0;
    },
  };
}

function placeOf({ fileId, after, through, words }: Picked): From | null {
  // What has changed first: the index says something untrue of it.
  if (words.length > 0) return { kind: 'words', words };
  return fileId === null ? null : { kind: 'file', fileId, after, through };
}
