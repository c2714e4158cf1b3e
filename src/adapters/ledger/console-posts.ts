import { sql } from 'kysely';
import type { ConsolePosts } from '../../app/ports/console-posts.ts';
import type { LedgerDatabase } from './database.ts';

export function createConsolePosts(db: LedgerDatabase): ConsolePosts {
  return {
    async begin(keyMac, requestMac, keptMs) {
      await sql`delete from console_post
        where at <= clock_timestamp() - ${keptMs}::float8 * interval '1 millisecond'`.execute(db);
      const { rows: begun } = await sql`insert into console_post (key_mac, request_mac)
        values (${keyMac}, ${requestMac}) on conflict do nothing returning 1`.execute(db);
      if (begun.length > 0) return { kind: 'begun' };
      const { rows } = await sql<{ isSame: boolean; isAnswered: boolean; answer: unknown }>`
        select request_mac = ${requestMac} as "isSame", answer is not null as "isAnswered", answer
        from console_post where key_mac = ${keyMac}`.execute(db);
      const [found] = rows;
      // Forgotten between the two looks: who asks again begins it.
      if (found === undefined) return { kind: 'under_way' };
      if (!found.isSame) return { kind: 'another' };
      return found.isAnswered ? { kind: 'answered', answer: found.answer } : { kind: 'under_way' };
    },
    async answer(keyMac, answer) {
      await sql`update console_post set answer = ${JSON.stringify(answer)}::jsonb where key_mac = ${keyMac}`.execute(
        db,
      );
    },
    async forget(keyMac) {
      await sql`delete from console_post where key_mac = ${keyMac} and answer is null`.execute(db);
    },
  };
}
