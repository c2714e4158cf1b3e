import { sql, type RawBuilder } from 'kysely';
import { createHash } from 'node:crypto';
import type { DestroyedKey, RetentionLedger, RowsPastTime } from '../../app/ports/retention-ledger.ts';
import type { RetentionRules } from '../../domain/retention.ts';
import type { LedgerDatabase } from './database.ts';
import { keyLock } from './key-store.ts';
import { openRowStates } from './state-lists.ts';

/** Row numbers that one statement looks at. */
const windowRows = 2_000;

const milliseconds = (ms: number): RawBuilder<unknown> => sql`(${ms}::float8 * interval '1 millisecond')`;

/**
 * When row `r` is past its time. Null: not yet, it is at work or in doubt, or the row that it repeats is: should that one come
 * to nothing, this one is sent.
 */
const dueBy = ({ rowsMs }: RetentionRules): RawBuilder<unknown> =>
  sql`(case when r.state = 'duplicate' and exists (select from ledger_row o
      where o.id = r.duplicate_of and (o.state in ${openRowStates} or o.state = 'in_doubt')) then null
    else r.updated_at + (${JSON.stringify(rowsMs)}::jsonb ->> r.state)::float8 * interval '1 millisecond' end)`;

/** Of row `r`. */
const hasValues = sql`(length(r.payload) > 0 or r.message is not null)`;

/** When the name of file `f` is past its time: nothing stands under it any more. */
const nameDue = ({ archiveMs, resultsMs }: RetentionRules): RawBuilder<unknown> =>
  sql`(coalesce(f.settled_at, f.arrived_at) + ${milliseconds(Math.max(archiveMs, resultsMs))})`;

const isOver = sql`f.state in ('settled', 'rejected', 'quarantined')`;

/** Nothing of file `f` is at work or in doubt, and it has been so for so long. */
const isFilePast = (keepMs: number): RawBuilder<unknown> => sql`(${isOver}
  and coalesce(f.settled_at, f.arrived_at) < clock_timestamp() - ${milliseconds(keepMs)}
  and not exists (select from file_kind_tally t where t.file_id = f.id and t.n > 0
    and (t.state in ${openRowStates} or t.state = 'in_doubt')))`;

/** Files `f` of a partner, with where their pass is (`x`), in which something may be past its time. */
function mayBeDue(partner: string, rules: RetentionRules): RawBuilder<unknown> {
  const shortest = Math.min(...Object.values(rules.rowsMs), Math.max(rules.archiveMs, rules.resultsMs));
  return sql`f.partner = ${partner} and f.arrived_at < clock_timestamp() - ${milliseconds(shortest)}
    and (x.file_id is null or x.next_at is null or x.next_at <= clock_timestamp()
      or (x.settings <> ${markOf(rules)} and x.next_at <> 'infinity'))`;
}

function markOf(rules: RetentionRules): string {
  return createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 16);
}

/** Retention in the ledger. A row keeps its identity, outcome, leadId and times; what it says is overwritten. */
export function createRetentionLedger(db: LedgerDatabase): RetentionLedger {
  return {
    async partners() {
      const { rows } = await sql<{ partner: string }>`
        with recursive p as (
          (select partner from file order by partner limit 1)
          union all select (select f.partner from file f where f.partner > p.partner order by f.partner limit 1)
          from p where p.partner is not null
        ) select partner from p where partner is not null
        union select partner from wrapped_key where purpose = 'data' order by 1`.execute(db);
      return rows.map(({ partner }) => partner);
    },

    retireRows: (partner, rules, actor) =>
      db.transaction().execute(async (transaction) => {
        const { rows: found } = await sql<{ id: string; lastRow: number }>`
          select f.id::text as id, f.last_row as "lastRow" from file f left join retention_file x on x.file_id = f.id
          where ${mayBeDue(partner, rules)} order by f.id limit 1`.execute(transaction);
        const [file] = found;
        if (file === undefined) return null;
        const cursor = await takePass(transaction, file.id, markOf(rules));
        if (cursor === null) return { rows: 0, lookedAt: 0 };
        const to = cursor + windowRows;
        const which = sql`r.file_id = ${file.id} and r.row_number > ${cursor} and r.row_number <= ${to}`;
        const rows = await retire(transaction, which, rules, actor);
        await (to >= file.lastRow
          ? endPass(transaction, file.id, which, rules, actor)
          : sql`update retention_file set cursor = ${to}, earliest = least(earliest, ${earliest(which, rules)})
              where file_id = ${file.id}`.execute(transaction));
        return { rows, lookedAt: Math.min(to, file.lastRow) - cursor };
      }),

    retireRowsByHand: (partner, rules, actor) =>
      db.transaction().execute((transaction) => {
        const which = sql`r.id in (select r.id from ledger_row r where r.file_id is null and r.partner = ${partner}
          and ${hasValues} and ${dueBy(rules)} <= clock_timestamp() limit ${windowRows})`;
        return retire(transaction, which, rules, actor);
      }),

    async destroyBlocked(actor) {
      const { rows } = await sql<{ n: number }>`
        with over as materialized (
          select row_id from blocked_payload where destroy_at <= clock_timestamp() order by row_id limit ${windowRows}
        ), gone as (
          delete from blocked_payload where row_id in (select row_id from over) returning row_id, partner
        ), told as (
          update ledger_row set erasure_id = -1 where id in (select row_id from gone) and erasure_id = -2
        ), audited as (
          insert into audit_event (actor, action, partner, detail)
          select ${actor}, 'rows.destroyed', partner, jsonb_build_object('rows', count(*)) from gone group by partner
        ) select count(*)::int as n from gone`.execute(db);
      return rows[0]?.n ?? 0;
    },

    destroyKeys: (partner, rules, actor) =>
      db.transaction().execute(async (transaction) => {
        // Not while the table is wrapped anew: that would bring the key back.
        await sql`select pg_advisory_xact_lock(${keyLock})`.execute(transaction);
        const { rows } = await sql<DestroyedKey>`
          with gone as (
            update wrapped_key k set wrapped = '' where ${isPast(partner, rules)} returning k.partner, k.month
          ), audited as (
            insert into audit_event (actor, action, partner, detail)
            select ${actor}, 'key.destroyed', partner, jsonb_build_object('month', month) from gone order by month
          ) select partner, month from gone order by month`.execute(transaction);
        return rows;
      }),

    async filesPast(partner, ids, keepMs) {
      const { rows } = await sql<{ id: string }>`
        select f.id::text as id from file f where f.id = any (${ids}::bigint[]) and f.partner = ${partner}
          and ${isFilePast(keepMs)} order by f.id`.execute(db);
      return rows.map(({ id }) => id);
    },

    async noteRemoval({ fileId, what, keepMs }, actor) {
      const { rows } = await sql<{ n: number }>`
        with noted as (
          update file f set
            bytes_removed_at = case when ${what === 'bytes'} then clock_timestamp() else f.bytes_removed_at end
          where f.id = ${fileId} and ${isFilePast(keepMs)} returning f.*
        ), audited as (
          insert into audit_event (actor, action, partner, file_id, to_state, detail)
          select ${actor}, 'file.removed', partner, id, state, jsonb_build_object('what', ${what}::text) from noted
        ) select count(*)::int as n from noted`.execute(db);
      return rows[0]?.n === 1;
    },

    async rowsToLookAt(partner, rules) {
      const { rows } = await sql<{ n: number }>`select coalesce(sum(f.last_row), 0)::float8 as n
        from file f left join retention_file x on x.file_id = f.id where ${mayBeDue(partner, rules)}`.execute(db);
      return rows[0]?.n ?? 0;
    },

    async rowsPast(partner, rules, done) {
      const sums = new Map<string, number>();
      const add = (counts: readonly RowsPastTime[]): void => {
        for (const { state, rows } of counts) sums.set(state, (sums.get(state) ?? 0) + rows);
      };
      const { rows: files } = await sql<{ id: string; lastRow: number }>`
        select f.id::text as id, f.last_row as "lastRow" from file f left join retention_file x on x.file_id = f.id
        where ${mayBeDue(partner, rules)} order by f.id`.execute(db);
      for (const { id, lastRow } of files) {
        for (let from = 0; from < lastRow; from += windowRows) {
          const to = from + windowRows;
          add(await countPast(db, sql`r.file_id = ${id} and r.row_number > ${from} and r.row_number <= ${to}`, rules));
          done(Math.min(to, lastRow) - from);
        }
      }
      add(await countPast(db, sql`r.file_id is null and r.partner = ${partner}`, rules));
      return [...sums].map(([state, rows]) => ({ state, rows })).toSorted((one, two) => two.rows - one.rows);
    },

    async blockedPast() {
      const { rows } = await sql<{ past: number; blocked: number }>`
        select count(*) filter (where destroy_at <= clock_timestamp())::int as past, count(*)::int as blocked
        from blocked_payload`.execute(db);
      return rows[0] ?? { past: 0, blocked: 0 };
    },

    async keysPast(partner, rules) {
      const { rows } = await sql<DestroyedKey>`select k.partner, k.month from wrapped_key k
        where ${isPast(partner, rules)} order by k.month`.execute(db);
      return rows;
    },

    async noteRun({ actor, reason }) {
      await sql`insert into audit_event (actor, action, reason)
        values (${actor}, 'retention.run', ${reason})`.execute(db);
    },
  };
}

/**
 * Takes a file's pass, or begins one, once whoever is at it has ended its window. Answers up to which row it has come; null:
 * another process has ended it meanwhile.
 */
async function takePass(db: LedgerDatabase, fileId: string, settings: string): Promise<number | null> {
  await sql`insert into retention_file (file_id, settings) values (${fileId}, ${settings})
    on conflict (file_id) do nothing`.execute(db);
  const { rows } = await sql<{ isUnderWay: boolean; isOver: boolean; cursor: number }>`
    select x.cursor, x.settings = ${settings} and x.next_at is null as "isUnderWay",
      x.settings = ${settings} and x.next_at > clock_timestamp() as "isOver" from retention_file x
    where x.file_id = ${fileId} for update`.execute(db);
  const [pass] = rows;
  if (pass === undefined) throw new Error('a pass was begun and is gone');
  if (pass.isOver) return null;
  if (pass.isUnderWay) return pass.cursor;
  await sql`update retention_file set settings = ${settings}, cursor = 0, earliest = null, next_at = null
    where file_id = ${fileId}`.execute(db);
  return 0;
}

/** When the first of these rows that still says something is past its time; what is at work is looked at tomorrow. */
function earliest(which: RawBuilder<unknown>, rules: RetentionRules): RawBuilder<unknown> {
  return sql`(select min(coalesce(${dueBy(rules)}, clock_timestamp() + interval '1 day'))
    from ledger_row r where ${which} and ${hasValues})`;
}

/** The last window is done: says when to look again, or takes the file's name, which is all that is left of it. */
async function endPass(
  db: LedgerDatabase,
  fileId: string,
  which: RawBuilder<unknown>,
  rules: RetentionRules,
  actor: string,
): Promise<void> {
  await sql`
    with x as materialized (
      select f.id, least(x.earliest, ${earliest(which, rules)},
        case when not (${isOver}) then clock_timestamp() + interval '1 day' end,
        case when ${nameDue(rules)} > clock_timestamp() then ${nameDue(rules)} end) as next_at
      from retention_file x join file f on f.id = x.file_id where x.file_id = ${fileId}
    ), unnamed as (
      update file f set name = '' from x where f.id = x.id and x.next_at is null and length(f.name) > 0 returning f.*
    ), audited as (
      insert into audit_event (actor, action, partner, file_id, to_state)
      select ${actor}, 'file.retired', partner, id, state from unnamed
    ) update retention_file r set cursor = 0, earliest = null, next_at = coalesce(x.next_at, 'infinity')
      from x where r.file_id = x.id`.execute(db);
}

/** Takes the values of those of the rows that are past their time: blocks them first, where they are to be. */
async function retire(
  db: LedgerDatabase,
  which: RawBuilder<unknown>,
  rules: RetentionRules,
  actor: string,
): Promise<number> {
  const isBlocking = rules.blockMs !== null;
  const { rows } = await sql<{ n: number }>`
    with locked as materialized (
      select r.id, r.partner, r.file_id, r.row_number, r.key_id, r.payload, r.message, r.erasure_id from ledger_row r
      where ${which} and ${hasValues} and ${dueBy(rules)} <= clock_timestamp() order by r.id for no key update of r
    ), blocked as (
      insert into blocked_payload (row_id, partner, key_id, payload, message, destroy_at)
      select id, partner, key_id, payload, message, clock_timestamp() + ${milliseconds(rules.blockMs ?? 0)} from locked
      where ${isBlocking} and erasure_id is null and length(payload) > 0
    ), retired as (
      update ledger_row r set payload = '', message = null, client_answer = null, warnings = '[]',
        problems = (select coalesce(jsonb_agg(jsonb_build_object('code', p -> 'code')), '[]')
          from jsonb_array_elements(r.problems) as p),
        erasure_id = coalesce(r.erasure_id, ${isBlocking ? -2 : -1}::bigint)
      from locked l where r.id = l.id
    ), audited as (
      insert into audit_event (actor, action, partner, file_id, detail)
      select ${actor}, ${isBlocking ? 'rows.blocked' : 'rows.destroyed'}::text, partner, file_id, jsonb_build_object(
        'rows', count(*), 'from', min(row_number), 'to', max(row_number)) from locked group by partner, file_id
    ) select count(*)::int as n from locked`.execute(db);
  return rows[0]?.n ?? 0;
}

async function countPast(
  db: LedgerDatabase,
  which: RawBuilder<unknown>,
  rules: RetentionRules,
): Promise<readonly RowsPastTime[]> {
  const { rows } = await sql<RowsPastTime>`select r.state, count(*)::int as rows from ledger_row r
    where ${which} and ${hasValues} and ${dueBy(rules)} <= clock_timestamp() group by r.state`.execute(db);
  return rows;
}

/**
 * Key `k` is needed no more. A file arrives before anything is sealed for it, so what was sealed in a month is of files that
 * had arrived by its end; of all of them nothing may be left. A week over, for readings that began in the month.
 */
function isPast(partner: string, rules: RetentionRules): RawBuilder<unknown> {
  const end = sql`(to_date(k.month, 'YYYY-MM') + interval '1 month 7 days')`;
  return sql`k.purpose = 'data' and k.partner = ${partner} and length(k.wrapped) > 0 and ${end} < clock_timestamp()
    and not exists (select from file f left join retention_file x on x.file_id = f.id
      where f.partner = k.partner and f.arrived_at < ${end}
        and (x.next_at is distinct from 'infinity' or length(f.name) > 0 or ${nameDue(rules)} > clock_timestamp()))
    and not exists (select from ledger_row r where r.file_id is null and r.partner = k.partner and r.key_id = k.id
      and ${hasValues})
    and not exists (select from blocked_payload b where b.key_id = k.id)
    and not exists (select from erasure e where e.key_id = k.id)`;
}
