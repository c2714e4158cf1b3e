import { sql, type RawBuilder } from 'kysely';
import type { Act, HeldFiles } from '../../app/ports/held-files.ts';
import type { LedgerFile } from '../../app/ports/ledger.ts';
import type { LedgerDatabase } from './database.ts';
import { fileColumns } from './read-file.ts';

type Holding = Pick<HeldFiles, 'holdFile' | 'releaseFile' | 'rejectFile' | 'closeCancelled' | 'noteReread'>;

/**
 * What a person does with a file. Each change and its audit event are one statement, and no row is touched: what a held
 * file may send is asked of the file, by the feeder (work.ts) and by each call that announces itself (row-moves.ts).
 */
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
  const back = sql`state = held_from, code = null, work_since = clock_timestamp(), ${letGoOf}`;

  return {
    holdFile: (id, act) =>
      change(
        id,
        'file.held',
        act,
        sql`held_from = coalesce(held_from, state), state = 'held', code = 'FILE_HELD',
          held_because = '[{"code": "FILE_HELD"}]', let_through_to = 0`,
        sql`state in ('arrived', 'held', 'reading', 'read', 'settled')
          and not (state = 'held' and code = 'FILE_HELD' and let_through_to = 0)`,
      ),

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
  };
}
