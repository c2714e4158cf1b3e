import { sql } from 'kysely';
import type { FileLedger, LedgerFile } from '../../app/ports/ledger.ts';
import { createCancelRows } from './cancel-rows.ts';
import type { FaultCode } from '../../domain/faults.ts';
import type { FileState } from '../../domain/file-life.ts';
import type { LedgerDatabase } from './database.ts';
import { fileColumns } from './read-file.ts';
import { acceptedStates, unsentStates } from './state-lists.ts';

type Files = Omit<
  FileLedger,
  'insertRows' | 'filesToSettle' | 'filesToReport' | 'readResult' | 'settleFile' | 'noteReport'
>;

/** What arrived and how far it was read. Each change of a file and its audit event are one statement. */
export function createFileLedger(db: LedgerDatabase): Files {
  async function one(query: ReturnType<typeof sql<LedgerFile>>): Promise<LedgerFile | null> {
    const { rows } = await query.execute(db);
    return rows[0] ?? null;
  }

  /** CAS on the state; null when the file is in none of `from`. */
  function move(id: string, from: readonly FileState[], to: FileState, actor: string, code: FaultCode | null = null) {
    return one(sql<LedgerFile>`
      with f as (
        update file set state = ${to}, code = ${code} where id = ${id} and state = any (${from}) returning *
      ), audited as (
        insert into audit_event (actor, action, partner, file_id, to_state, code)
        select ${actor}, ${`file.${to}`}, partner, id, state, code from f
      ) select ${fileColumns} from f`);
  }

  return {
    async acceptFile(file) {
      const { partner, sha256, configVersion } = file;
      // A race of two accepts of the same bytes ends in the unique index: the loser looks again and finds the winner.
      for (let tries = 0; tries < 5; tries += 1) {
        const known = await one(sql<LedgerFile>`select ${fileColumns} from file f
          where partner = ${partner} and sha256 = ${sha256} and config_version = ${configVersion}
            and state in ${acceptedStates} order by again desc limit 1`);
        if (known !== null && !file.again) return { accepted: false, file: known };
        const made = await one(sql<LedgerFile>`
          with f as (
            insert into file (partner, kind, key_id, name, sha256, bytes, config_version, again, is_let_through,
              same_as, state, due_at, run, night, first_seen_at)
            select ${partner}, ${file.kind}, ${file.keyId}, ${Buffer.from(file.name)}, ${sha256}, ${file.bytes},
              ${configVersion}, coalesce(max(again) + 1, 0), ${file.isLetThrough ?? false}, ${file.rereads ?? null}::bigint,
              'arrived', coalesce(${file.dueAt}::timestamptz, clock_timestamp()),
              case when ${file.dueAt}::timestamptz is not null then 'waiting' end, ${file.night ?? null}::date,
              clock_timestamp() - ${file.seenForMs ?? 0}::float8 * interval '1 millisecond'
            from file where partner = ${partner} and sha256 = ${sha256} and config_version = ${configVersion}
              and state in ${acceptedStates}
            -- One that was taken in since the look above counts too.
            having ${file.again}::boolean or count(*) = 0
            on conflict do nothing returning *
          ), audited as (
            insert into audit_event (actor, action, partner, file_id, to_state, detail)
            select ${file.actor}, 'file.arrived', partner, id, state,
              jsonb_build_object('kind', kind, 'bytes', bytes, 'sha256', sha256, 'configVersion', config_version) from f
          ) select ${fileColumns} from f`);
        if (made !== null) return { accepted: true, file: made };
      }
      throw new Error('a file could be neither taken in nor found');
    },

    async refuseFile(file) {
      const refused = await one(sql<LedgerFile>`
        with f as (
          insert into file (partner, kind, key_id, name, sha256, bytes, config_version, state, code, same_as, night)
          values (${file.partner}, ${file.kind}, ${file.keyId}, ${Buffer.from(file.name)}, ${file.sha256}, ${file.bytes},
            ${file.configVersion}, 'rejected', ${file.code}, ${file.sameAs ?? null}, ${file.night ?? null}::date) returning *
        ), audited as (
          insert into audit_event (actor, action, partner, file_id, to_state, code)
          select ${file.actor}, 'file.rejected', partner, id, state, code from f
        ) select ${fileColumns} from f`);
      if (refused === null) throw new Error('a refused file was not written down');
      return refused;
    },

    file: (id) => one(sql<LedgerFile>`select ${fileColumns} from file f where id = ${id}`),

    async startReading(id, actor) {
      const started = await move(id, ['arrived'], 'reading', actor);
      return started ?? one(sql<LedgerFile>`select ${fileColumns} from file f where id = ${id} and state = 'reading'`);
    },

    async noteReading(id, { encoding, delimiter, header, mark, finding, configVersion }) {
      const version = configVersion ?? null;
      await sql`update file f set encoding = ${encoding}, delimiter = ${delimiter}, read_mark = ${mark ?? null},
        header = coalesce(${header ?? null}::uuid, header),
        -- The same bytes may have been taken in once more under that version: it then stays with them.
        config_version = case when ${version}::text is null or exists (select from file o where o.id <> f.id
          and o.partner = f.partner and o.sha256 = f.sha256 and o.config_version = ${version} and o.again = f.again
          and o.state in ${acceptedStates}) then config_version else ${version} end,
        encoding_why = coalesce(${finding?.why ?? null}, encoding_why),
        encoding_confidence = coalesce(${finding?.confidence ?? null}, encoding_confidence)
        where id = ${id}`.execute(db);
    },

    finishReading: (id, actor, { problems, firstRows } = { problems: [], firstRows: 0 }) =>
      one(sql<LedgerFile>`
        with held_back as (
          -- Records: a mixed file has two rows of one number.
          select distinct row_number from ledger_row where file_id = ${id} and state in ${unsentStates}
          order by row_number limit ${firstRows + 1}::int
        ), hold as (
          select case when ${problems.length}::int > 0 then ${JSON.stringify(problems)}::jsonb
            when ${firstRows}::int > 0 and (select count(*) from held_back) > ${firstRows}::int
            then jsonb_build_array(jsonb_build_object('code', 'FILE_FIRST_ROWS')) end as because
        ), f as (
          update file set state = case when because is null then 'read' else 'held' end,
            code = because -> 0 ->> 'code', held_because = coalesce(because, '[]'),
            held_from = case when because is not null then 'read' end, work_since = clock_timestamp(),
            let_through_to = case when because -> 0 ->> 'code' = 'FILE_FIRST_ROWS'
              then (select max(row_number) - 1 from held_back) else 0 end
          from hold where id = ${id} and state = 'reading' returning file.*
        ), audited as (
          insert into audit_event (actor, action, partner, file_id, to_state, code)
          select ${actor}, 'file.' || state, partner, id, state, code from f
        ) select ${fileColumns} from f`),

    async abandonFile(id, state, code, actor) {
      await db.transaction().execute(async (transaction) => {
        const abandoned = await sql`with f as (
            update file set state = ${state}, code = ${code}, held_from = null, held_because = '[]'
            where id = ${id} and state in ('arrived', 'held', 'reading') returning *
          ) insert into audit_event (actor, action, partner, file_id, to_state, code)
            select ${actor}, ${`file.${state}`}, partner, id, state, code from f`.execute(transaction);
        if (abandoned.numAffectedRows === 0n) return;
        // Rows already under way stay: what was announced or sent can't be taken back with the file.
        await createCancelRows(transaction)(id, code, { actor, reason: null });
      });
    },

    async filesDue() {
      const { rows } = await sql<LedgerFile>`select ${fileColumns} from file f
        where state = 'reading' or (state = 'arrived' and run is distinct from 'waiting' and due_at <= clock_timestamp())
        order by f.id limit 100`.execute(db);
      return rows;
    },

    async acceptedFilesOf(partner, sha256) {
      const { rows } = await sql<LedgerFile>`select ${fileColumns} from file f
        where partner = ${partner} and sha256 = ${sha256} and state in ${acceptedStates} order by f.id`.execute(db);
      return rows;
    },
  };
}
