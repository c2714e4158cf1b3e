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
  for (const sequence of await sequencesOf(db, Object.keys(runtimeRights)))
    await sql`revoke all on sequence ${sql.raw(sequence)} from ${grantee}`.execute(db);
  for (const [table, column] of runtimeSequences) {
    const { rows: found } = await sql<{ name: string }>`
      select pg_get_serial_sequence(${table}, ${column}) as name`.execute(db);
    await sql`grant select, update on sequence ${sql.raw(found[0]?.name ?? '')} to ${grantee}`.execute(db);
  }
}

/** By which the lines of these tables are numbered, quoted. */
async function sequencesOf(db: Kysely<unknown>, tables: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select d.objid::regclass::text as name from pg_depend d
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
      and (select relkind from pg_class where oid = d.objid) = 'S'
      and d.refobjid in (select to_regclass(t) from unnest(${tables}::text[]) as t)`.execute(db);
  return rows.map(({ name }) => name);
}

/** `select, insert (actor, action)` */
function privileges(rights: TableRights): string {
  return Object.entries(rights)
    .map(([right, on]) => (on === true ? right : `${right} (${on.join(', ')})`))
    .join(', ');
}
