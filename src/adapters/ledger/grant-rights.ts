import { sql, type Kysely } from 'kysely';
import { runtimeRights, runtimeSequences, type TableRights } from './runtime-rights.ts';

/**
 * Gives `role` the rights of the service and takes from it all others on these tables, in the transaction of `db`. What
 * others grant it (by PUBLIC, by another role) stays: `excessiveRights` tells.
 */
export async function grantRuntimeRights(db: Kysely<unknown>, role: string): Promise<void> {
  const grantee = sql.id(role);
  const { rows } = await sql<{ schema: string; isOpen: boolean }>`
    select current_schema() as schema, has_schema_privilege(${role}, current_schema(), 'usage') as "isOpen"`.execute(
    db,
  );
  const schema = sql.id(rows[0]?.schema ?? 'public');
  // As a rule PUBLIC has it, and who migrates need not be the schema's owner.
  if (rows[0]?.isOpen !== true) await sql`grant usage on schema ${schema} to ${grantee}`.execute(db);
  for (const [table, rights] of Object.entries(runtimeRights)) {
    await sql`revoke all on ${sql.id(table)} from ${grantee}`.execute(db);
    await sql`grant ${sql.raw(privileges(rights))} on ${sql.id(table)} to ${grantee}`.execute(db);
  }
  for (const [table, column] of runtimeSequences) {
    const { rows: found } = await sql<{ name: string }>`
      select pg_get_serial_sequence(${table}, ${column}) as name`.execute(db);
    await sql`grant select, update on sequence ${sql.raw(found[0]?.name ?? '')} to ${grantee}`.execute(db);
  }
}

/** `select, insert (actor, action)` */
function privileges(rights: TableRights): string {
  return Object.entries(rights)
    .map(([right, on]) => (on === true ? right : `${right} (${on.join(', ')})`))
    .join(', ');
}
