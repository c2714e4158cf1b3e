import { sql, type Kysely } from 'kysely';
import { knowsLegalMoves } from './legal-moves.ts';
import { lackingRights } from './look-at-rights.ts';
import { migrationNames } from './migrate.ts';

export type SchemaState =
  | { readonly kind: 'current' }
  /** `lacks` completes "the ledger lacks …". */
  | { readonly kind: 'behind'; readonly lacks: string }
  /** The newest migration of a later version of leadsync. */
  | { readonly kind: 'ahead'; readonly by: string }
  /** What it has and lacks is no version's up to this one. Both are names of migrations; the first are unknown here. */
  | { readonly kind: 'strange'; readonly has: readonly string[]; readonly lacks: readonly string[] };

/** Whether the ledger is what this version works with, seen with the rights of whoever is connected. */
export async function readSchemaState(db: Kysely<unknown>): Promise<SchemaState> {
  const state = await readMigrations(db);
  if (state.kind !== 'current') return state;
  if (!(await knowsLegalMoves(db))) return { kind: 'behind', lacks: 'the moves of this version' };
  const lacking = await lackingRights(db);
  return lacking.length > 0 ? { kind: 'behind', lacks: `rights: ${lacking.join(', ')}` } : { kind: 'current' };
}

/** The same by the list of applied migrations alone: what a migration has to know before it begins. */
export async function readMigrations(db: Kysely<unknown>): Promise<SchemaState> {
  const { rows: found } = await sql<{ canRead: boolean | null }>`
    select has_table_privilege(to_regclass('leadsync_migration'), 'select') as "canRead"`.execute(db);
  if (found[0]?.canRead !== true) return { kind: 'behind', lacks: 'its tables, or the rights to see them' };
  const { rows: applied } = await sql<{ name: string }>`select name from leadsync_migration`.execute(db);
  return compareMigrations(applied.map(({ name }) => name).toSorted());
}

/** A version applies all of its migrations in the order of their names: what is there is a beginning of some version's list. */
function compareMigrations(applied: readonly string[]): SchemaState {
  const newest = applied.at(-1) ?? '';
  const unknown = applied.filter((name) => !migrationNames.includes(name));
  const missing = migrationNames.filter((name) => !applied.includes(name));
  const passedOver = missing.filter((name) => name < newest);
  const isLater = unknown.every((name) => name > (migrationNames.at(-1) ?? ''));
  if (passedOver.length > 0 || !isLater) return { kind: 'strange', has: unknown, lacks: passedOver };
  if (unknown.length > 0) return { kind: 'ahead', by: newest };
  return missing.length > 0 ? { kind: 'behind', lacks: missing.join(', ') } : { kind: 'current' };
}

/** Whether whoever is connected could migrate: owns the ledger, or may make one where there is none. */
export async function mayMigrate(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select case when to_regclass('ledger_row') is null
      then coalesce(has_schema_privilege(current_schema(), 'create'), false)
      else (select pg_has_role(current_user, relowner, 'usage') from pg_class where oid = to_regclass('ledger_row'))
    end as may`.execute(db);
  return rows[0]?.may === true;
}
