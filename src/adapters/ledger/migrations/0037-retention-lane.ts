import { sql, type Kysely } from 'kysely';

/** The way to what retention has done, among very much else. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create index audit_of_retention on audit_event (seq) where action in
        ('retention.run', 'rows.destroyed', 'rows.blocked', 'file.removed', 'key.destroyed')`,
    )
    .execute(db);
}
