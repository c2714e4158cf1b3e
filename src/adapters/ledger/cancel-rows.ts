import { sql } from 'kysely';
import type { HeldFiles } from '../../app/ports/held-files.ts';
import type { LedgerDatabase } from './database.ts';
import { unsentStates } from './state-lists.ts';

const pageRows = 5_000;

/**
 * Cancels a file's rows of which nothing was sent, page by page in the order of the file. What was announced or sent
 * can't be taken back and stays, and so does a create without an answer that waits to be repeated.
 */
export function createCancelRows(db: LedgerDatabase): HeldFiles['cancelRows'] {
  return async (id, code, { actor, reason }, { failed = false, done = () => undefined } = {}) => {
    const unsent = sql`(state in ${unsentStates} and code is distinct from 'API_NO_ANSWER')`;
    const states = failed ? sql`(${unsent} or state = 'failed')` : unsent;
    let sum = 0;
    for (let after: number | null = 0; after !== null;) {
      const { rows }: { rows: Page[] } = await sql<Page>`
        with page as (
          -- A record of a mixed file is two rows under one number: never cut in two.
          select id, row_number from ledger_row where file_id = ${id} and row_number > ${after} and ${states}
          order by row_number fetch first ${pageRows} rows with ties
        ), open as materialized (
          select id, state from ledger_row where id in (select id from page) and ${states}
          order by id for no key update
        ), r as (
          update ledger_row r set state = 'cancelled', code = ${code}, problems = '[]', version = version + 1, next_at = null,
            updated_at = clock_timestamp() from open where r.id = open.id
          returning r.id, r.partner, r.file_id, r.kind, r.fence, r.version, r.code, r.followed, open.state as old_state
        ), word as (
          insert into row_ended (row_id) select id from r where followed
        ), counted as (
          insert into file_delta (file_id, kind, state, n, moves)
          select file_id, kind, old_state, -count(*), 0 from r group by 1, 2, 3
          union all select file_id, kind, 'cancelled', count(*), count(*) from r group by 1, 2
        ), audited as (
          insert into audit_event (actor, action, partner, file_id, row_id, from_state, to_state, fence, version, code,
            reason)
          select ${actor}, 'row.cancelled', partner, file_id, id, old_state, 'cancelled', fence, version, code, ${reason}
          from r order by id
        ) select (select max(row_number) from page) as last, (select count(*)::int from r) as n`.execute(db);
      after = rows[0]?.last ?? null;
      sum += rows[0]?.n ?? 0;
      done(sum);
    }
    return sum;
  };
}

interface Page {
  readonly last: number | null;
  readonly n: number;
}
