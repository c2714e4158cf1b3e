import { sql } from 'kysely';
import type { FileLedger, LedgerFile } from '../../app/ports/ledger.ts';
import type { FaultCode } from '../../domain/faults.ts';
import type { FileState } from '../../domain/file-life.ts';
import type { LedgerDatabase } from './database.ts';
import { fileColumns } from './read-file.ts';
import { acceptedStates } from './state-lists.ts';

type Files = Omit<FileLedger, 'insertRows' | 'filesToSettle' | 'readResult' | 'settleFile'>;

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
            insert into file (partner, kind, key_id, name, sha256, bytes, config_version, again, state, due_at)
            select ${partner}, ${file.kind}, ${file.keyId}, ${Buffer.from(file.name)}, ${sha256}, ${file.bytes},
              ${configVersion}, coalesce(max(again) + 1, 0), 'arrived', coalesce(${file.dueAt}::timestamptz, clock_timestamp())
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
          insert into file (partner, kind, key_id, name, sha256, bytes, config_version, state, code, same_as)
          values (${file.partner}, ${file.kind}, ${file.keyId}, ${Buffer.from(file.name)}, ${file.sha256}, ${file.bytes},
            ${file.configVersion}, 'rejected', ${file.code}, ${file.sameAs ?? null}) returning *
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

    async noteReading(id, { encoding, delimiter }) {
      await sql`update file set encoding = ${encoding}, delimiter = ${delimiter} where id = ${id}`.execute(db);
    },

    async finishReading(id, actor) {
      await move(id, ['reading'], 'read', actor);
    },

    async abandonFile(id, state, code, actor) {
      await db.transaction().execute(async (transaction) => {
        const abandoned = await sql`with f as (
            update file set state = ${state}, code = ${code} where id = ${id} and state in ('arrived', 'held', 'reading')
            returning *
          ) insert into audit_event (actor, action, partner, file_id, to_state, code)
            select ${actor}, ${`file.${state}`}, partner, id, state, code from f`.execute(transaction);
        if (abandoned.numAffectedRows === 0n) return;
        // Rows already under way stay: what was announced or sent can't be taken back with the file.
        await sql`with open as materialized (
            select id, state from ledger_row where file_id = ${id} and state in ('received', 'waiting', 'checked')
            order by id for no key update
          ), r as (
            update ledger_row r set state = 'cancelled', code = ${code}, version = version + 1, next_at = null,
              updated_at = clock_timestamp() from open where r.id = open.id
            returning r.id, r.partner, r.file_id, r.fence, r.version, r.code, r.followed, open.state as old_state
          ), word as (
            insert into row_ended (row_id) select id from r where followed
          ), counted as (
            insert into file_delta (file_id, state, n, moves)
            select file_id, old_state, -count(*), 0 from r group by 1, 2
            union all select file_id, 'cancelled', count(*), count(*) from r group by 1
          ) insert into audit_event (actor, action, partner, file_id, row_id, from_state, to_state, fence, version, code)
            select ${actor}, 'row.cancelled', partner, file_id, id, old_state, 'cancelled', fence, version, code
            from r order by id`.execute(transaction);
      });
    },

    async filesDue() {
      const { rows } = await sql<LedgerFile>`select ${fileColumns} from file f
        where state = 'reading' or (state = 'arrived' and due_at <= clock_timestamp()) order by id limit 100`.execute(
        db,
      );
      return rows;
    },

    fileBySha: (partner, sha256) =>
      one(sql<LedgerFile>`select ${fileColumns} from file f
        where partner = ${partner} and sha256 = ${sha256} order by id desc limit 1`),
  };
}
