import { sql, type Kysely } from 'kysely';
import type { Act } from '../../app/ports/held-files.ts';

/**
 * What is blocked of a row, for the owner of the schema: the service has no right to it. In one statement with the entry
 * that somebody has read it.
 */
export async function readBlocked(
  db: Kysely<unknown>,
  rowId: string,
  { actor, reason }: Act,
): Promise<{ readonly keyId: number; readonly payload: Uint8Array } | null> {
  const { rows } = await sql<{ keyId: number; payload: Uint8Array }>`
    with b as (
      select row_id, partner, key_id, payload from blocked_payload where row_id = ${rowId}
    ), audited as (
      insert into audit_event (actor, action, partner, row_id, reason)
      select ${actor}, 'row.blocked_read', partner, row_id, ${reason} from b
    ) select key_id as "keyId", payload from b`.execute(db);
  return rows[0] ?? null;
}
