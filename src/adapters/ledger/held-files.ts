import { sql, type RawBuilder } from 'kysely';
import type { Act, HeldFiles } from '../../app/ports/held-files.ts';
import type { LedgerFile } from '../../app/ports/ledger.ts';
import type { LedgerDatabase } from './database.ts';
import { fileColumns } from './read-file.ts';
import { unsentStates } from './state-lists.ts';

/** Rows a statement: short enough that nobody waits for its locks. */
const pageRows = 5_000;

type Holding = Pick<
  HeldFiles,
  'holdFile' | 'releaseFile' | 'rejectFile' | 'closeCancelled' | 'noteReread' | 'letRowsGo'
>;

/** What a person does with a file. Each change and its audit event are one statement. */
export function createHolding(db: LedgerDatabase): Holding {
  async function change(
    id: string,
    action: string,
    { actor, reason }: Act,
    set: RawBuilder<unknown>,
    where: RawBuilder<unknown>,
  ): Promise<LedgerFile | null> {
    const { rows } = await sql<LedgerFile>`
      with f as (
        update file set ${set} where id = ${id} and ${where} returning *
      ), audited as (
        insert into audit_event (actor, action, partner, file_id, to_state, code, reason)
        select ${actor}, ${action}, partner, id, state, code, ${reason} from f
      ) select ${fileColumns} from f`.execute(db);
    return rows[0] ?? null;
  }

  const letGoOf = sql`held_from = null, held_because = '[]', let_through_to = 0`;
  const back = sql`state = held_from, code = null, ${letGoOf}`;

  return {
    async holdFile(id, act) {
      const held = await change(
        id,
        'file.held',
        act,
        sql`held_from = coalesce(held_from, state), state = 'held', code = 'FILE_HELD',
          held_because = '[{"code": "FILE_HELD"}]', let_through_to = 0`,
        sql`state in ('arrived', 'held', 'reading', 'read', 'settled')`,
      );
      if (held !== null) await holdRowsBack(db, id);
      return held;
    },

    releaseFile: (id, act) => change(id, 'file.released', act, back, sql`state = 'held'`),

    rejectFile: (id, act) =>
      change(
        id,
        'file.rejected',
        act,
        sql`state = 'rejected', code = 'FILE_REJECTED', ${letGoOf}`,
        sql`state = 'held'`,
      ),

    closeCancelled: (id, act) =>
      change(
        id,
        'file.cancelled',
        act,
        sql`${back}, cancelled_at = clock_timestamp()`,
        sql`state = 'held' and held_from in ('read', 'settled')`,
      ),

    async noteReread(id, readAs, { actor, reason }) {
      await sql`insert into audit_event (actor, action, partner, file_id, to_state, reason, detail)
        select ${actor}, 'file.reread', partner, id, state, ${reason}, jsonb_build_object('readAs', ${readAs}::text)
        from file where id = ${id}`.execute(db);
    },

    async letRowsGo() {
      let sum = 0;
      for (const { id, upTo } of await filesWithRowsToLetGo(db)) sum += await letGo(db, id, upTo);
      return sum;
    },
  };
}

/** Takes what is due out of the feeder's sight. A row whose move commits meanwhile is seen to when it asks for its call. */
async function holdRowsBack(db: LedgerDatabase, id: string): Promise<void> {
  for (let after: number | null = 0; after !== null;) {
    const { rows }: { rows: { last: number | null }[] } = await sql<{ last: number | null }>`
      with page as (
        select id, row_number from ledger_row where file_id = ${id} and row_number > ${after}
          and state in ${unsentStates} and next_at is not null
        order by row_number limit ${pageRows}
      ), due as materialized (
        select id from ledger_row where id in (select id from page) and state in ${unsentStates}
        order by id for no key update
      ), held as (
        update ledger_row r set next_at = null from due where r.id = due.id
      ) select max(row_number) as last from page`.execute(db);
    after = rows[0]?.last ?? null;
  }
}

/** Files that let rows go which are still held back. Jumps from file to file in the index: a held file of a million rows is one step. */
async function filesWithRowsToLetGo(db: LedgerDatabase): Promise<readonly { id: string; upTo: number }[]> {
  const heldBack = sql`r.next_at is null and r.file_id is not null and r.state in ${unsentStates}`;
  const { rows } = await sql<{ id: string; upTo: number }>`
    with recursive jump as (
      (select r.file_id from ledger_row r where ${heldBack} order by r.file_id limit 1)
      union all
      select (select r.file_id from ledger_row r where ${heldBack} and r.file_id > jump.file_id
        order by r.file_id limit 1)
      from jump where jump.file_id is not null
    ), f as (
      select file.id, case when state = 'held' then let_through_to else 2147483647 end as up_to
      from jump join file on file.id = jump.file_id
      where state in ('read', 'settled') or (state = 'held' and let_through_to > 0)
    ) select f.id::text as id, f.up_to as "upTo" from f
      where exists (select from ledger_row r where r.file_id = f.id and r.row_number <= f.up_to and ${heldBack})
      order by f.id`.execute(db);
  return rows;
}

/** One page, in the order of the file: the leader comes again. */
async function letGo(db: LedgerDatabase, id: string, upTo: number): Promise<number> {
  const { numAffectedRows } = await sql`
    with page as (
      select r.id from ledger_row r
      where r.file_id = ${id} and r.row_number <= ${upTo} and r.next_at is null and r.state in ${unsentStates}
      order by r.row_number limit ${pageRows}
    ), held as materialized (
      select id from ledger_row where id in (select id from page) and next_at is null and state in ${unsentStates}
      order by id for no key update
    ), moment as (
      -- One for all, so that row after row falls due in the order of their ids.
      select clock_timestamp() as now
    ) update ledger_row r set next_at = moment.now from held, moment where r.id = held.id`.execute(db);
  return Number(numAffectedRows ?? 0);
}
