import { sql, type RawBuilder } from 'kysely';
import type { FileLedger, LedgerFile, NewRow } from '../../app/ports/ledger.ts';
import { judgeAgainst, recheckNotManagedMs, type Judgement } from '../../domain/earlier-row.ts';
import { rowKindsOf, type RowKind } from '../../domain/file-life.ts';
import type { LedgerDatabase } from './database.ts';
import { findEarlierRows, markFollowed, type FoundRow } from './earlier-rows.ts';
import { cancelReplaced } from './follow-leads.ts';
import { identityStates } from './state-lists.ts';

/**
 * Writes a batch of rows and the file's checkpoint in one transaction. A row of a lead that was seen before is judged
 * against the latest row of that lead (domain/earlier-row.ts); two readers of the same rows at once are told apart by the
 * unique index on the identity.
 */
export function createInsertRows(db: LedgerDatabase): FileLedger['insertRows'] {
  return (
    file,
    rows,
    lastRow,
    actor,
    {
      recheckNotManagedMs: recheckMs = recheckNotManagedMs,
      waitForLeadMs = 300_000,
      readOffset = null,
      counted,
      suppressions,
    } = {},
  ) =>
    unlessOutdated(db, async (transaction) => {
      // One batch of a partner at a time: two that bring the same leads in another order would wait for each other.
      // Nothing waits for the disk: a server that crashes loses the last batches together with their checkpoint, and they
      // are read once more. The commit that ends the reading waits for all of them, and no row goes to work before.
      const { rows: locked } = await sql<{ lastRow: number }>`
        with turn as materialized (
          select set_config('synchronous_commit', 'off', true),
            pg_advisory_xact_lock(hashtext('leadsync.rows'), hashtext(${file.partner}))
        )
        select f.last_row as "lastRow" from turn, file f
        where f.id = ${file.id} and f.state = 'reading' for no key update of f`.execute(transaction);
      const checkpoint = locked[0]?.lastRow;
      if (checkpoint === undefined) return false;
      if (lastRow <= checkpoint) return true;
      const fresh = rows.filter((row) => row.rowNumber > checkpoint);
      let left = fresh.filter((row) => kindOf(row, file) === 'lead');
      // A holder may end between the look and the insert, and two rows of the batch may be one lead: what was not written
      // is judged again.
      for (let tries = 0; left.length > 0 && tries < 10; tries += 1) {
        const written = await writeJudged(transaction, file, left, { actor, recheckMs });
        left = left.filter((row) => !written.has(row.rowNumber));
      }
      if (left.length > 0) throw new Error('rows could be neither inserted nor found to be duplicates');
      // Behind the leads, to be joined to those of their own records.
      const updates = fresh.filter((row) => kindOf(row, file) === 'update');
      await insertUpdates(transaction, file, updates, waitForLeadMs);
      await noteSuppressed(
        transaction,
        file,
        fresh.filter(({ erasure }) => erasure !== undefined),
        actor,
      );

      await noteBatch(transaction, file, { checkpoint, lastRow, readOffset, actor, counted, suppressions });
      return true;
    });
}

/** Rows whose person is on the suppression list: they hold nothing of them, and their record is still to be blanked. */
async function noteSuppressed(
  db: LedgerDatabase,
  file: LedgerFile,
  rows: readonly NewRow[],
  actor: string,
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    with r as (
      update ledger_row r set erasure_id = s.erasure
      from unnest(${rows.map(({ rowNumber }) => rowNumber)}::int[],
        ${rows.map((row) => kindOf(row, file) ?? null)}::text[],
        ${rows.map(({ erasure }) => erasure ?? null)}::bigint[]) as s(row_number, kind, erasure)
      where r.file_id = ${file.id} and r.row_number = s.row_number and r.kind = s.kind
      returning r.*
    ), marked as (
      insert into erasing_file (file_id) values (${file.id}) on conflict (file_id) do update set mark = erasing_file.mark + 1
    ) insert into audit_event (actor, action, partner, file_id, row_id, to_state, fence, version, code, detail)
      select ${actor}, 'row.suppressed', partner, file_id, id, state, fence, version, code,
        jsonb_build_object('erasure', erasure_id) from r order by id`.execute(db);
}

function kindOf(row: NewRow, file: LedgerFile): RowKind | undefined {
  return row.kind ?? rowKindsOf(file.kind)[0];
}

interface Batch {
  /** Where the batch before it ended. */
  readonly checkpoint: number;
  readonly lastRow: number;
  readonly readOffset: number | null;
  readonly actor: string;
  readonly counted: { readonly rows: number; readonly filled: Readonly<Record<string, number>> } | undefined;
  /** Version of the suppression list by which the rows were judged. */
  readonly suppressions: number | undefined;
}

/** Somebody has come on the suppression list since the batch was judged. */
class Outdated extends Error {}

async function unlessOutdated(
  db: LedgerDatabase,
  write: (transaction: LedgerDatabase) => Promise<boolean>,
): Promise<boolean> {
  try {
    return await db.transaction().execute(write);
  } catch (error) {
    if (error instanceof Outdated) return false;
    throw error;
  }
}

/**
 * Counts, audit event and checkpoint of what was written, at once: each statement of its own waits for a turn of reading.
 * It begins under the lock for which an erasure waits (erasures.ts), so it sees the list as it is: a batch that was judged
 * by an older one was committed before the erasure looks for rows, or is not written at all.
 */
async function noteBatch(db: LedgerDatabase, file: LedgerFile, batch: Batch): Promise<void> {
  const { checkpoint, lastRow, readOffset, actor, counted, suppressions = null } = batch;
  const { numAffectedRows } = await sql`
    with states as materialized (
      select kind, state, count(*) as n from ledger_row
      where file_id = ${file.id} and row_number > ${checkpoint} group by kind, state
    ), counts as (
      insert into file_delta (file_id, kind, state, n, moves) select ${file.id}::bigint, kind, state, n, 0 from states
    ), audited as (
      insert into audit_event (actor, action, partner, file_id, detail)
      select ${actor}, 'rows.read', ${file.partner}, ${file.id}::bigint, jsonb_build_object(
        'fromRow', ${checkpoint + 1}::int, 'toRow', ${lastRow}::int, 'rows', coalesce(sum(n), 0),
        'rejected', coalesce(sum(n) filter (where state = 'rejected'), 0),
        'duplicates', coalesce(sum(n) filter (where state = 'duplicate'), 0))
      from states
    )
    update file set last_row = ${lastRow}, read_offset = ${readOffset},
      row_count = coalesce(${counted?.rows ?? null}, row_count),
      filled = coalesce(${counted === undefined ? null : JSON.stringify(counted.filled)}::jsonb, filled)
    where id = ${file.id} and (select version from suppression_list) = coalesce(${suppressions}::int,
      (select version from suppression_list))`.execute(db);
  if (numAffectedRows === 0n) throw new Outdated();
}

interface Rules {
  readonly actor: string;
  readonly recheckMs: number;
}

/** Writes each row of a lead as what it is judged to be. Answers the numbers of those that were written. */
async function writeJudged(
  db: LedgerDatabase,
  file: LedgerFile,
  rows: readonly NewRow[],
  { actor, recheckMs }: Rules,
): Promise<ReadonlySet<number>> {
  const identities = [...new Set(rows.flatMap((row) => row.identity ?? []))];
  const earlier = await findEarlierRows(db, file.partner, identities, file.configVersion);
  const works: NewRow[] = [];
  const duplicates: Duplicate[] = [];
  const replaced = new Map<number, string>();
  for (const row of rows) {
    const found = row.identity === null ? undefined : earlier.get(row.identity);
    const judged = judge(row, found, recheckMs);
    if (judged.kind === 'work') {
      works.push(row);
      if (judged.replaces && found !== undefined) replaced.set(row.rowNumber, found.id);
    } else if (found !== undefined) {
      const code = judged.kind === 'held' ? 'ROW_LEAD_CHANGE_HELD' : judged.code;
      duplicates.push({ row, code, of: found });
    }
  }
  const written = new Set(await insertLeads(db, file, works));
  await cancelReplaced(
    db,
    [...replaced].filter(([rowNumber]) => written.has(rowNumber)).map(([, id]) => id),
    actor,
  );
  await insertDuplicates(db, file, duplicates);
  await markFollowed(db, [...new Set(duplicates.filter(({ of }) => mayChange(of)).map(({ of }) => of.id))]);
  for (const { row } of duplicates) written.add(row.rowNumber);
  return written;
}

function judge(row: NewRow, found: FoundRow | undefined, recheckMs: number): Judgement {
  if (found === undefined) return judgeAgainst(null, recheckMs);
  return judgeAgainst({ ...found, sameContent: found.content === row.content }, recheckMs);
}

function mayChange({ state }: FoundRow): boolean {
  return state !== 'registered' && state !== 'abandoned';
}

/** Rows of leads that nobody holds, and rows that hold none. Answers the row numbers that were written. */
async function insertLeads(db: LedgerDatabase, file: LedgerFile, rows: readonly NewRow[]): Promise<number[]> {
  if (rows.length === 0) return [];
  const { rows: written } = await sql<{ rowNumber: number }>`
    insert into ledger_row (kind, partner, file_id, row_number, state, next_at, code, problems, warnings, key_id, payload,
      identity, content, partner_lead_id, order_key, is_final, lead_id, arrived_at)
    select 'lead', ${file.partner}, ${file.id}::bigint, i.row_number, i.state,
      case when i.state = 'received' then clock_timestamp() end, i.code, i.problems, i.warnings, i.key_id, ${payloadOf(rows)},
      i.identity, i.content, i.partner_lead_id, i.order_key, i.is_final, i.lead_id, ${arrivalOf(file)}
    from ${inputOf(rows)}
    order by i.row_number
    on conflict (partner, identity) where kind = 'lead' and state in ${identityStates} do nothing
    returning row_number as "rowNumber"`.execute(db);
  return written.map((row) => row.rowNumber);
}

/**
 * An update is joined to its lead here already, or two updates of one lead would not see each other. One whose lead is
 * created by the same file waits from the beginning: it would be looked at in vain before its lead's turn, and a large
 * file has as many as it has leads.
 */
async function insertUpdates(
  db: LedgerDatabase,
  file: LedgerFile,
  rows: readonly NewRow[],
  waitForLeadMs: number,
): Promise<void> {
  if (rows.length === 0) return;
  const waits = sql`(i.state = 'received' and named.is_to_come)`;
  await sql`
    insert into ledger_row (kind, partner, file_id, row_number, state, step, next_at, code, problems, warnings, key_id,
      payload, identity, content, partner_lead_id, order_key, is_final, lead_id, lead_row, arrived_at)
    select 'update', ${file.partner}, ${file.id}::bigint, i.row_number,
      case when ${waits} then 'waiting' else i.state end, case when ${waits} then 'push' end,
      case when i.state = 'received' then clock_timestamp()
        + case when ${waits} then ${waitForLeadMs}::float8 else 0 end * interval '1 millisecond' end,
      case when ${waits} then 'ROW_LEAD_NOT_REGISTERED_YET' else i.code end, i.problems, i.warnings, i.key_id,
      ${payloadOf(rows)}, i.identity, i.content, i.partner_lead_id, i.order_key, i.is_final, i.lead_id, named.id,
      ${arrivalOf(file)}
    from ${inputOf(rows)} ${joinedToLead(file)}
    order by i.row_number`.execute(db);
}

function arrivalOf(file: LedgerFile): RawBuilder<unknown> {
  return sql`(select arrived_at from file where id = ${file.id}::bigint)`;
}

/**
 * For no index: the one of identities fits these states, and until the database has its first statistics it seems to hold
 * a single row. All leads would be read for each row.
 */
const unindexedState = sql.raw(`(l.state || '')`);

/** No row of a file is at work before it is read: what its own records create is to come. */
function joinedToLead({ id, partner }: LedgerFile): RawBuilder<unknown> {
  return sql`
    left join lateral (
      (select l.id, false as is_to_come from ledger_row l
        where l.kind = 'lead' and l.lead_id = i.lead_id and l.partner = ${partner})
      union all
      (select l.id, false from ledger_row l
        where i.lead_id is null and l.kind = 'lead' and l.partner = ${partner}
          and l.partner_lead_id = i.partner_lead_id and ${unindexedState} in ${identityStates}
        order by l.id desc limit 1)
      union all
      -- In a mixed file, of its own record's lead: the row that holds it, else the record's own, else what that repeats.
      (select l.id, l.file_id is not distinct from ${id}::bigint from ledger_row l
        where i.lead_id is null and l.kind = 'lead' and l.partner = ${partner} and l.identity = i.identity
          and l.state in ${identityStates})
      union all
      (select coalesce(l.duplicate_of, l.id), false from ledger_row l
        where i.identity is not null and l.file_id = ${id}::bigint and l.row_number = i.row_number and l.kind = 'lead')
      limit 1
    ) as named on true`;
}

interface Duplicate {
  readonly row: NewRow;
  readonly code: string;
  readonly of: FoundRow;
}

async function insertDuplicates(db: LedgerDatabase, file: LedgerFile, duplicates: readonly Duplicate[]): Promise<void> {
  if (duplicates.length === 0) return;
  const rows = duplicates.map(({ row }) => row);
  await sql`
    insert into ledger_row (kind, partner, file_id, row_number, state, code, problems, warnings, key_id, payload,
      identity, content, partner_lead_id, order_key, duplicate_of)
    select 'lead', ${file.partner}, ${file.id}::bigint, i.row_number, 'duplicate', p.code,
      i.problems, i.warnings, i.key_id, ${payloadOf(rows)}, i.identity, i.content, i.partner_lead_id, i.order_key, p.of
    from ${inputOf(rows)}
    join unnest(${rows.map((row) => row.rowNumber)}::int[], ${duplicates.map(({ code }) => code)}::text[],
      ${duplicates.map(({ of }) => of.id)}::bigint[]) as p(row_number, code, of) using (row_number)
    order by i.row_number`.execute(db);
}

/**
 * Rows as columns: a value costs the database a third of what it costs as a field of JSON, and the payloads go as they are,
 * one behind the other, instead of twice as long as hexadecimal text.
 */
function inputOf(rows: readonly NewRow[]): RawBuilder<unknown> {
  let end = 1;
  const starts = rows.map(({ payload }) => (end += payload.length) - payload.length);
  return sql`unnest(
    ${plain(rows.map((row) => row.rowNumber))}::int[], ${plain(rows.map((row) => row.state))}::text[],
    ${plain(rows.map((row) => row.code))}::text[], ${rows.map((row) => jsonOf(row.problems))}::jsonb[],
    ${rows.map((row) => jsonOf(row.warnings))}::jsonb[], ${plain(rows.map((row) => row.keyId))}::int[],
    ${plain(rows.map((row) => row.identity))}::uuid[], ${plain(rows.map((row) => row.content))}::uuid[],
    ${plain(rows.map((row) => row.partnerLeadId))}::uuid[], ${rows.map((row) => row.orderKey)}::text[],
    ${plain(rows.map((row) => row.isFinal))}::boolean[], ${rows.map((row) => row.leadId)}::text[],
    ${plain(starts)}::int[], ${plain(rows.map((row) => row.payload.length))}::int[]
  ) as i(row_number, state, code, problems, warnings, key_id, identity, content, partner_lead_id, order_key, is_final,
    lead_id, payload_start, payload_length)`;
}

/** An array as PostgreSQL writes it, of values without a character that would need a quote: numbers, codes, hashes of ours. */
function plain(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** The payload of a row of `inputOf`, for the same rows. */
function payloadOf(rows: readonly NewRow[]): RawBuilder<unknown> {
  return sql`substring(${Buffer.concat(rows.map((row) => row.payload))}::bytea from i.payload_start for i.payload_length)`;
}

function jsonOf(problems: NewRow['problems']): string {
  return problems.length === 0 ? '[]' : JSON.stringify(problems);
}
