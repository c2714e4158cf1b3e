import { sql } from 'kysely';
import type { ConsoleSearches, SearchFound } from '../../app/ports/console-searches.ts';
import type { LedgerDatabase } from './database.ts';

const isOld = (mostMs: number) => sql`at <= clock_timestamp() - ${mostMs}::float8 * interval '1 millisecond'`;

export function createConsoleSearches(db: LedgerDatabase): ConsoleSearches {
  return {
    async keep(tokenHash, name, found) {
      await sql`insert into console_search (token_hash, name, found)
        values (${tokenHash}, ${name}, ${JSON.stringify(found)}::jsonb)`.execute(db);
    },
    async find(tokenHash, name, mostMs) {
      const { rows } = await sql<{ found: SearchFound }>`select found from console_search
        where token_hash = ${tokenHash} and name = ${name} and not (${isOld(mostMs)})`.execute(db);
      return rows[0]?.found ?? null;
    },
    async forgetOld(mostMs) {
      await sql`delete from console_search where ${isOld(mostMs)}`.execute(db);
    },
  };
}
