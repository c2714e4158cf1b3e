import { sql } from 'kysely';
import type { ConsoleSession, ConsoleSessions, SessionLife } from '../../app/ports/console-sessions.ts';
import type { LedgerDatabase } from './database.ts';

const isGoing = ({ mostMs, idleMs }: SessionLife) => sql`
  begun_at > clock_timestamp() - ${mostMs}::float8 * interval '1 millisecond'
  and seen_at > clock_timestamp() - ${idleMs}::float8 * interval '1 millisecond'`;

export function createConsoleSessions(db: LedgerDatabase): ConsoleSessions {
  return {
    async begin(tokenHash, { name, credentials }) {
      await sql`insert into console_session (token_hash, name, credentials)
        values (${tokenHash}, ${name}, ${credentials})`.execute(db);
    },
    async find(tokenHash, life) {
      const { rows } = await sql<ConsoleSession & { readonly isStale: boolean }>`
        select name, credentials, seen_at < clock_timestamp() - interval '1 minute' as "isStale"
        from console_session where token_hash = ${tokenHash} and ${isGoing(life)}`.execute(db);
      const [found] = rows;
      if (found === undefined) return null;
      const { isStale, ...session } = found;
      // To the minute: not every page has to write.
      if (isStale)
        await sql`update console_session set seen_at = clock_timestamp() where token_hash = ${tokenHash}`.execute(db);
      return session;
    },
    async isGoing(tokenHash, life) {
      const { rows } =
        await sql`select from console_session where token_hash = ${tokenHash} and ${isGoing(life)}`.execute(db);
      return rows.length > 0;
    },
    async end(tokenHash) {
      await sql`delete from console_session where token_hash = ${tokenHash}`.execute(db);
    },
    async forgetEnded(life) {
      await sql`delete from console_session where not (${isGoing(life)})`.execute(db);
    },
  };
}
