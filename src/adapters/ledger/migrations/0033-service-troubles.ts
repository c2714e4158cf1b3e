import { sql, type Kysely } from 'kysely';

/** What a service can't do until a person has seen to it. It goes with the instance: its key, its disks. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table worker_instance add column troubles jsonb not null default '[]'`.execute(db);
}
