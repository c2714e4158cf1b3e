import { sql, type Kysely } from 'kysely';

/** What a service's intake sees in the inboxes and can't take. It goes with the instance: the files are on its disks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table worker_instance add column inboxes jsonb not null default '[]'`.execute(db);
}
