import { sql } from 'kysely';
import type { FileClaims } from '../../app/ports/file-claims.ts';
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
