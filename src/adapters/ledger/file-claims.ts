import { sql } from 'kysely';
import type { BegunOnFile, FileClaims } from '../../app/ports/file-claims.ts';
import type { LedgerDatabase } from './database.ts';

/** By the audit log: what was done to a file stands there, and nowhere else as a whole. */
export function createFileClaims(db: LedgerDatabase): FileClaims {
  const lastOf = (fileId: string) => sql`(select coalesce(max(seq), 0)::text from audit_event
    where file_id = ${fileId} and row_id is null and action <> 'rows.read')`;
  return {
    async lastEvent(fileId) {
      const { rows } = await sql<{ last: string }>`select ${lastOf(fileId)} as last`.execute(db);
      return rows[0]?.last ?? '0';
    },
    async underWay(fileId) {
      // What is begun ends with one of two events; a crash leaves it without, so it counts for a while alone.
      const { rows } = await sql<BegunOnFile>`select at, actor, coalesce(reason, '') as reason,
          case action when 'file.cancel_asked' then 'cancel' else 'reread' end as what
        from audit_event asked
        where file_id = ${fileId} and row_id is null and action in ('file.cancel_asked', 'file.reread_asked')
          and at > clock_timestamp() - interval '15 minutes'
          and not exists (select from audit_event ended where ended.file_id = ${fileId} and ended.row_id is null
            and ended.action in ('file.cancelled', 'file.reread') and ended.seq > asked.seq)
        order by seq desc limit 1`.execute(db);
      return rows[0] ?? null;
    },
    claim: (fileId, seen, what, { actor, reason }) =>
      db.transaction().execute(async (transaction) => {
        // The statement behind it sees what whoever had the lock before has written.
        await sql`select pg_advisory_xact_lock(hashtextextended('leadsync.file', ${fileId}::bigint))`.execute(
          transaction,
        );
        const { rows } = await sql`insert into audit_event (actor, action, partner, file_id, to_state, reason)
          select ${actor}, ${`file.${what}_asked`}, partner, id, state, ${reason} from file
          where id = ${fileId} and ${lastOf(fileId)} = ${seen} returning seq`.execute(transaction);
        return rows.length > 0;
      }),
  };
}
