import { sql } from 'kysely';
import type { FileLedger } from '../../app/ports/ledger.ts';
import type { NewRow } from '../../app/ports/ledger.ts';
import { rowKindOf } from '../../domain/file-life.ts';
import type { LedgerDatabase } from './database.ts';
import { identityStates } from './state-lists.ts';

/**
 * Writes a batch of rows and the file's checkpoint in one transaction. A lead that an earlier row holds, or the same
 * row of a lead that is not managed, becomes a `duplicate` of it; two readers of the same rows at once are told apart by the
 * unique index on the identity.
 */
export function createInsertRows(db: LedgerDatabase): FileLedger['insertRows'] {
  return (file, rows, lastRow, actor) =>
    db.transaction().execute(async (transaction) => {
      // One batch of a partner at a time: two that bring the same leads in another order would wait for each other.
      await sql`select pg_advisory_xact_lock(hashtext('leadsync.rows'), hashtext(${file.partner}))`.execute(
        transaction,
      );
      const { rows: locked } = await sql<{ lastRow: number }>`
        select last_row as "lastRow" from file where id = ${file.id} and state = 'reading' for no key update`.execute(
        transaction,
      );
      const checkpoint = locked[0]?.lastRow;
      if (checkpoint === undefined || lastRow <= checkpoint) return;
      const fresh = rows.filter((row) => row.rowNumber > checkpoint);
      const kind = rowKindOf(file.kind);
      let left = fresh;
      // A holder may end between the two looks; then its lead is free and the row is tried again.
      for (let tries = 0; left.length > 0 && tries < 10; tries += 1) {
        const written = new Set<number>();
        for (const insert of [insertFree, insertDuplicates]) {
          const todo = left.filter((row) => !written.has(row.rowNumber));
          if (todo.length === 0) break;
          for (const rowNumber of await insert(transaction, kind, file.partner, file.id, todo)) written.add(rowNumber);
        }
        left = left.filter((row) => !written.has(row.rowNumber));
      }
      if (left.length > 0) throw new Error('rows could be neither inserted nor found to be duplicates');

      await sql`insert into file_delta (file_id, state, n, moves)
        select file_id, state, count(*), 0 from ledger_row
        where file_id = ${file.id} and row_number > ${checkpoint} group by 1, 2`.execute(transaction);
      await sql`insert into audit_event (actor, action, partner, file_id, detail)
        select ${actor}, 'rows.read', ${file.partner}, ${file.id}::bigint, jsonb_build_object(
          'fromRow', ${checkpoint + 1}::int, 'toRow', ${lastRow}::int, 'rows', count(*),
          'rejected', count(*) filter (where state = 'rejected'),
          'duplicates', count(*) filter (where state = 'duplicate'))
        from ledger_row where file_id = ${file.id} and row_number > ${checkpoint}`.execute(transaction);
      await sql`update file set last_row = greatest(last_row, ${lastRow}) where id = ${file.id}`.execute(transaction);
    });
}

type Insert = (
  db: LedgerDatabase,
  kind: string,
  partner: string,
  fileId: string,
  rows: readonly NewRow[],
) => Promise<number[]>;

/** Rows whose lead nobody holds, and rows that hold none. Answers the row numbers that were written. */
const insertFree: Insert = async (db, kind, partner, fileId, rows) => {
  const { rows: written } = await sql<{ rowNumber: number }>`
    insert into ledger_row (kind, partner, file_id, row_number, state, next_at, code, problems, warnings, key_id, payload,
      identity, content, partner_lead_id, order_key, is_final, lead_id, lead_row, arrived_at)
    select ${kind}, ${partner}, ${fileId}::bigint, i.row_number, i.state,
      case when i.state = 'received' then clock_timestamp() end, i.code, i.problems, i.warnings, i.key_id, i.payload,
      i.identity, i.content, i.partner_lead_id, i.order_key, i.is_final, i.lead_id, named.id,
      (select arrived_at from file where id = ${fileId}::bigint)
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as i(${inputColumns})
    left join lateral (
      -- An update is joined to its lead here already, or two updates of one lead would not see each other.
      (select l.id from ledger_row l
        where ${kind} = 'update' and l.kind = 'lead' and l.lead_id = i.lead_id and l.partner = ${partner})
      union all
      (select l.id from ledger_row l
        where ${kind} = 'update' and i.lead_id is null and l.kind = 'lead' and l.partner = ${partner}
          and l.partner_lead_id = i.partner_lead_id and l.state in ${identityStates}
        order by l.id desc limit 1)
      limit 1
    ) as named on true
    where i.identity is null or not exists (
      select from ledger_row ended where ended.kind = 'lead' and ended.state = 'not_managed'
        and ended.partner = ${partner} and ended.identity = i.identity and ended.content = i.content)
    order by i.row_number
    on conflict (partner, identity) where kind = 'lead' and state in ${identityStates} do nothing
    returning row_number as "rowNumber"`.execute(db);
  return written.map((row) => row.rowNumber);
};

/** Rows whose lead an earlier row holds. One that says something else than that row is told so. */
const insertDuplicates: Insert = async (db, kind, partner, fileId, rows) => {
  const { rows: written } = await sql<{ rowNumber: number }>`
    insert into ledger_row (kind, partner, file_id, row_number, state, code, problems, warnings, key_id, payload,
      identity, content, partner_lead_id, order_key, duplicate_of)
    select ${kind}, ${partner}, ${fileId}::bigint, i.row_number, 'duplicate',
      case when holder.content is distinct from i.content then 'ROW_LEAD_CHANGED' else 'ROW_DUPLICATE' end,
      i.problems, i.warnings, i.key_id, i.payload, i.identity, i.content, i.partner_lead_id, i.order_key, holder.id
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as i(${inputColumns})
    cross join lateral (
      -- Two looks, one for each partial index: together they would match neither.
      (select id, content from ledger_row held
        where held.kind = 'lead' and held.partner = ${partner} and held.identity = i.identity
          and held.state in ${identityStates})
      union all
      (select id, content from ledger_row ended
        where ended.kind = 'lead' and ended.partner = ${partner} and ended.identity = i.identity
          and ended.state = 'not_managed' and ended.content = i.content order by id desc limit 1)
      limit 1
    ) as holder
    order by i.row_number
    returning row_number as "rowNumber"`.execute(db);
  return written.map((row) => row.rowNumber);
};

const inputColumns = sql.raw(`row_number int, state text, code text, problems jsonb, warnings jsonb, key_id int,
  payload bytea, identity uuid, content uuid, partner_lead_id uuid, order_key text, is_final boolean, lead_id text`);

function toJson(rows: readonly NewRow[]): string {
  return JSON.stringify(
    rows.map((row) => ({
      row_number: row.rowNumber,
      state: row.state,
      code: row.code,
      problems: row.problems,
      warnings: row.warnings,
      key_id: row.keyId,
      payload: `\\x${Buffer.from(row.payload).toString('hex')}`,
      identity: row.identity,
      content: row.content,
      partner_lead_id: row.partnerLeadId,
      order_key: row.orderKey,
      is_final: row.isFinal,
      lead_id: row.leadId,
    })),
  );
}
