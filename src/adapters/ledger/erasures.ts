import { sql, type RawBuilder } from 'kysely';
import type { ErasureLedger, ErasureView, OpenErasure } from '../../app/ports/erasure-ledger.ts';
import type { LedgerFile } from '../../app/ports/ledger.ts';
import type { LedgerRow } from '../../app/ports/row.ts';
import type { LedgerDatabase } from './database.ts';
import { createEraseRows, waits } from './erase-rows.ts';
import { fileColumns } from './read-file.ts';
import { rowColumns } from './read-row.ts';
import { endedLeadStates, identityStates } from './state-lists.ts';

const pageFiles = 1_000;

const openFiles = (id: RawBuilder<unknown>) => sql`(select count(distinct f.file_id)::int
  from erasing_file f join ledger_row r on r.file_id = f.file_id and r.erasure_id is not null
  where r.erasure_id = ${id})`;

/** Of erasure `e`. */
const viewColumns = sql`
  e.id::text as id, e.actor, e.reason, e.begun_at as "begunAt", e.ended_at as "endedAt",
  (select count(*)::int from ledger_row r where r.erasure_id = e.id and r.code is distinct from 'ROW_SUPPRESSED') as erased,
  (select count(*)::int from ledger_row r where r.erasure_id = e.id and r.code = 'ROW_SUPPRESSED') as refused,
  jsonb_build_object(
    'rows', (select count(*)::int from erasing_row x join ledger_row r on r.id = x.row_id
      where x.erasure_id = e.id and not ${waits}),
    'underWay', (select count(*)::int from erasing_row x join ledger_row r on r.id = x.row_id
      where x.erasure_id = e.id and r.state in ('submitting', 'pushing')),
    'inDoubt', (select count(*)::int from erasing_row x join ledger_row r on r.id = x.row_id
      where x.erasure_id = e.id and r.state = 'in_doubt'),
    'files', ${openFiles(sql`e.id`)},
    'isSearched', e.searched_at is not null) as left,
  e.lifted_at as "liftedAt", e.lifted_by as "liftedBy", e.lifted_because as "liftedBecause"`;

type Viewed = Omit<ErasureView, 'lifted'> & {
  readonly liftedAt: Date | null;
  readonly liftedBy: string | null;
  readonly liftedBecause: string | null;
};

/** Erasures in the ledger: each step is one statement, so a kill leaves it done or not done. */
export function createErasureLedger(db: LedgerDatabase): ErasureLedger {
  async function view(which: RawBuilder<unknown>, limit: number): Promise<readonly ErasureView[]> {
    const { rows } = await sql<Viewed>`select ${viewColumns} from erasure e where ${which}
      order by e.id desc limit ${limit}`.execute(db);
    return rows.map(({ liftedAt, liftedBy, liftedBecause, ...erasure }) => ({
      ...erasure,
      lifted: liftedAt === null ? null : { at: liftedAt, actor: liftedBy ?? '', reason: liftedBecause ?? '' },
    }));
  }

  return {
    ...createEraseRows(db),

    async relativesOf(ids) {
      if (ids.length === 0) return [];
      const { rows } = await sql<LedgerRow>`
        with own as materialized (
          select r.* from ledger_row r where r.id = any (${ids}::bigint[])
        ), named as (
          select d.id from own o join ledger_row d on d.duplicate_of = o.id
          union select o.duplicate_of from own o
          -- A look for each partial index: together they would match none.
          union select l.id from own o cross join lateral (
            select l.id from ledger_row l where l.kind = 'lead' and l.partner = o.partner and l.identity = o.identity
              and l.state in ${identityStates}
            union all
            select l.id from ledger_row l where l.kind = 'lead' and l.partner = o.partner and l.identity = o.identity
              and l.state in ${endedLeadStates}
            union all
            select l.id from ledger_row l where l.kind = 'update' and l.partner = o.partner and l.identity = o.identity
            union all
            select l.id from ledger_row l where l.partner = o.partner and l.partner_lead_id = o.partner_lead_id
            union all
            select l.id from ledger_row l where l.kind = 'update' and l.lead_row = o.id
            union all
            select l.id from ledger_row l where l.kind = 'update' and l.lead_row is null and l.partner = o.partner
              and l.lead_id = o.lead_id
          ) as l where o.kind = 'lead'
        ) select ${rowColumns} from ledger_row r
          where r.id in (select id from named) and not r.id = any (${ids}::bigint[]) order by r.id`.execute(db);
      return rows;
    },

    async beginErasure({ rows: marked, tags, keyId, person }, { actor, reason }) {
      const { rows } = await sql<{ id: string }>`
        with e as (
          insert into erasure (actor, reason, key_id, person)
          values (${actor}, ${reason}, ${keyId}, ${Buffer.from(person)}) returning *
        ), listed as (
          insert into suppressed_tag (tag, erasure_id, even_with_nif)
          select s.tag, e.id, s.even_with_nif from e cross join unnest(${tags.map(({ tag }) => tag)}::bigint[],
            ${tags.map(({ evenWithNif }) => evenWithNif)}::boolean[]) as s(tag, even_with_nif)
        ), marked as (
          insert into erasing_row (row_id, erasure_id)
          select r.id, e.id from e cross join unnest(${marked}::bigint[]) as r(id) on conflict do nothing
        ), grown as (
          update suppression_list set version = version + 1
        ), audited as (
          insert into audit_event (actor, action, reason, detail)
          select e.actor, 'person.erasure_begun', e.reason,
            jsonb_build_object('erasure', e.id, 'rows', ${marked.length}::int) from e
        ) select id::text as id from e`.execute(db);
      const id = rows[0]?.id;
      if (id === undefined) throw new Error('an erasure was written down and has no id');
      return id;
    },

    async unfinishedErasures() {
      const { rows } = await sql<OpenErasure>`select id::text as id, key_id as "keyId", person,
          gathered_at is not null as "isGathered", searched_at is not null as "isSearched"
        from erasure where ended_at is null order by id`.execute(db);
      return rows;
    },

    async outlastReadings() {
      const { rows } = await sql<{ partner: string }>`select distinct partner from file
        where state = 'reading'`.execute(db);
      // The lock under which a batch looks at the list and is written (insert-rows.ts).
      for (const { partner } of rows) {
        await sql`select pg_advisory_xact_lock(hashtext('leadsync.rows'), hashtext(${partner}))`.execute(db);
      }
    },

    async noteGathered(id, ids) {
      await sql`
        with marked as (
          insert into erasing_row (row_id, erasure_id) select r.id, ${id}::bigint from unnest(${ids}::bigint[]) as r(id)
          on conflict do nothing
        ) update erasure set gathered_at = clock_timestamp() where id = ${id} and gathered_at is null`.execute(db);
    },

    async filesToErase() {
      const { rows } = await sql<LedgerFile & { mark: number }>`
        select ${fileColumns}, x.mark from erasing_file x join file f on f.id = x.file_id order by f.id`.execute(db);
      return rows.map(({ mark, ...file }) => ({ file, mark }));
    },

    async erasedRows(fileId) {
      const { rows } = await sql<{ n: number }>`select distinct row_number as n from ledger_row
        where file_id = ${fileId} and erasure_id is not null order by 1`.execute(db);
      return rows.map(({ n }) => n);
    },

    async rowsAt(fileId, numbers) {
      const { rows } = await sql<LedgerRow>`select ${rowColumns} from ledger_row r where r.file_id = ${fileId}
        and r.row_number = any (${numbers}::int[]) and r.erasure_id is null`.execute(db);
      return rows;
    },

    async *fileNames() {
      for (let after = '0'; ;) {
        const { rows } = await sql<Pick<LedgerFile, 'id' | 'keyId' | 'name'>>`
          select id::text as id, key_id as "keyId", name from file where id > ${after} order by file.id
          limit ${pageFiles}`.execute(db);
        if (rows.length > 0) yield rows;
        const last = rows.at(-1);
        if (last === undefined || rows.length < pageFiles) return;
        after = last.id;
      }
    },

    async renameFile(id, name, actor) {
      await sql`
        with f as (
          update file set name = ${Buffer.from(name)} where id = ${id} returning *
        ), marked as (
          insert into erasing_file (file_id) select id from f on conflict (file_id) do update set mark = erasing_file.mark + 1
        ) insert into audit_event (actor, action, partner, file_id, to_state)
          select ${actor}, 'file.renamed', partner, id, state from f`.execute(db);
    },

    alone: (what, work) =>
      db.transaction().execute(async (transaction) => {
        await sql`select set_config('lock_timeout', '50s', true),
          pg_advisory_xact_lock(hashtext('leadsync.erase'), hashtext(${what}))`.execute(transaction);
        return work();
      }),

    async noteBlanked(fileId, sha256) {
      await sql`update file set blanked_sha256s = array_append(blanked_sha256s, ${sha256})
        where id = ${fileId} and not ${sha256} = any (blanked_sha256s)`.execute(db);
    },

    async noteFileErased(fileId, mark, { records, actor }) {
      const { rows } = await sql`
        with gone as (
          delete from erasing_file where file_id = ${fileId} and mark = ${mark} returning file_id
        ) insert into audit_event (actor, action, partner, file_id, to_state, detail)
          select ${actor}, 'file.erased', f.partner, f.id, f.state, jsonb_build_object('records', ${records}::int)
          from gone join file f on f.id = gone.file_id returning seq`.execute(db);
      return rows.length > 0;
    },

    async noteSearched(id, { files, records, actor }) {
      await sql`
        with e as (
          update erasure set searched_at = clock_timestamp() where id = ${id} and searched_at is null returning id
        ) insert into audit_event (actor, action, detail)
          select ${actor}, 'person.searched', jsonb_build_object('erasure', id, 'files', ${files}::int,
            'records', ${records}::int) from e`.execute(db);
    },

    async endErasures(actor) {
      const { rows } = await sql<{ id: string }>`
        with e as (
          update erasure e set ended_at = clock_timestamp(), person = null, key_id = null
          where e.ended_at is null and e.gathered_at is not null and e.searched_at is not null
            and not exists (select from erasing_row x where x.erasure_id = e.id) and ${openFiles(sql`e.id`)} = 0
          returning e.*
        ), audited as (
          insert into audit_event (actor, action, reason, detail)
          select ${actor}, 'person.erased', e.reason, jsonb_build_object('erasure', e.id,
            'rows', (select count(*) from ledger_row r where r.erasure_id = e.id)) from e
        ) select id::text as id from e`.execute(db);
      return rows.map(({ id }) => id);
    },

    async hasErasures() {
      const { rows } = await sql<{ some: boolean }>`select exists (select from erasure where ended_at is null)
        or exists (select from erasing_row) or exists (select from erasing_file) as some`.execute(db);
      return rows[0]?.some === true;
    },

    erasures: ({ limit, belowId, id, tags }) =>
      view(
        sql`${id === undefined ? sql`true` : sql`e.id = ${id}`} and ${
          belowId === undefined ? sql`true` : sql`e.id < ${belowId}`
        } and ${
          tags === undefined
            ? sql`true`
            : sql`exists (select from suppressed_tag s where s.erasure_id = e.id and s.tag = any (${tags}::bigint[]))`
        }`,
        limit,
      ),

    async liftSuppression(id, { actor, reason }) {
      const { rows } = await sql`
        with e as (
          update erasure set lifted_at = clock_timestamp(), lifted_by = ${actor}, lifted_because = ${reason}
          where id = ${id} and lifted_at is null returning id
        ), gone as (
          delete from suppressed_tag where erasure_id in (select id from e)
        ), grown as (
          update suppression_list set version = version + 1 where exists (select from e)
        ) insert into audit_event (actor, action, reason, detail)
          select ${actor}, 'suppression.lifted', ${reason}, jsonb_build_object('erasure', id) from e
          returning seq`.execute(db);
      return rows.length === 0 ? null : ((await view(sql`e.id = ${id}`, 1))[0] ?? null);
    },

    async giveUpFiles(id, { actor, reason }) {
      const { rows } = await sql`
        with e as (
          update erasure set searched_at = coalesce(searched_at, clock_timestamp())
          where id = ${id} and ended_at is null returning id
        ), gone as (
          delete from erasing_file x using e where exists (select from ledger_row r
            where r.file_id = x.file_id and r.erasure_id = e.id)
          returning x.file_id
        ) insert into audit_event (actor, action, reason, detail)
          select ${actor}, 'person.files_given_up', ${reason}, jsonb_build_object('erasure', id,
            'files', (select coalesce(jsonb_agg(file_id order by file_id), '[]') from gone)) from e
          returning seq`.execute(db);
      return rows.length === 0 ? null : ((await view(sql`e.id = ${id}`, 1))[0] ?? null);
    },
  };
}
