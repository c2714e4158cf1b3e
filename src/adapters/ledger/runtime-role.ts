import { sql, type Kysely } from 'kysely';
import { ConfigFault } from '../../domain/config-fault.ts';
import { scramVerifier } from './scram-verifier.ts';

export interface RuntimeRole {
  readonly name: string;
  /** Null: a role that is not there can't be made. */
  readonly password: string | null;
}

/** Makes the role where there is none, as far as whoever migrates may. Throws a ConfigFault with the statement for a DBA. */
export async function ensureRuntimeRole(
  db: Kysely<unknown>,
  { name, password }: RuntimeRole,
): Promise<'there' | 'made'> {
  const { rows } = await sql<{ isThere: boolean; mayMake: boolean }>`
    select exists (select from pg_roles where rolname = ${name}) as "isThere",
      (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as "mayMake"`.execute(db);
  const [found] = rows;
  if (found?.isThere === true) return 'there';
  if (found?.mayMake !== true || password === null) {
    throw new ConfigFault(
      'CONFIG_INVALID',
      `DATABASE_URL: expected a role that exists, found no "${name}"; have it made: create role ${name} login password '…'`,
    );
  }
  await sql`create role ${sql.id(name)} login password ${sql.lit(scramVerifier(password))}`
    .execute(db)
    .catch(ifMadeByAnother);
  return 'made';
}

function ifMadeByAnother(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== '42710' && code !== '23505') throw error;
}
