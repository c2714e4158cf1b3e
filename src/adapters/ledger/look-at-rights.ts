import { sql, type Kysely } from 'kysely';
import { runtimeRights, runtimeSequences } from './runtime-rights.ts';

/** Every right of the list, one a line; `columns` null is the whole table. */
const wanted = JSON.stringify(
  Object.entries(runtimeRights).flatMap(([table, rights]) =>
    Object.entries(rights).map(([right, on]) => ({ table, right, columns: on === true ? null : on })),
  ),
);
const sequences = JSON.stringify(runtimeSequences.map(([table, column]) => ({ table, column })));

/** What whoever is connected needs and can't: `update on file`. Empty for an owner of the tables. */
export async function lackingRights(db: Kysely<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ lacking: string }>`
    with wanted as (
      select w."right", w."table", to_regclass(w."table") as relation, w.columns
      from jsonb_to_recordset(${wanted}::jsonb) as w("table" text, "right" text, columns text[])
    )
    select w."right" || ' on ' || w."table" as lacking from wanted w
    where w.relation is null or case when w.columns is null
      then not has_table_privilege(w.relation, w."right")
      else exists (select from unnest(w.columns) as c(name) where not has_column_privilege(w.relation, c.name, w."right"))
    end
    union all
    select 'update on the sequence of ' || s."table"
    from jsonb_to_recordset(${sequences}::jsonb) as s("table" text, "column" text)
    where to_regclass(s."table") is null
      or not has_sequence_privilege(pg_get_serial_sequence(s."table", s."column"), 'update')`.execute(db);
  return rows.map(({ lacking }) => lacking);
}

/**
 * What whoever is connected can do to the ledger beyond the list, in words that complete "the role …". Empty for a role
 * that was given what `leadsync migrate` gives, by nobody else anything.
 */
export async function excessiveRights(db: Kysely<unknown>): Promise<readonly string[]> {
  const { rows: roles } = await sql<{ excess: string }>`
    select 'is a superuser' as excess from pg_roles where rolname = current_user and rolsuper
    union all select 'may make roles' from pg_roles where rolname = current_user and rolcreaterole
    union all select 'acts for ' || rolname from pg_roles where rolname in ('pg_write_all_data',
      'pg_execute_server_program', 'pg_write_server_files') and pg_has_role(current_user, oid, 'member')
    union all select 'owns the database' from pg_database
      where datname = current_database() and pg_has_role(current_user, datdba, 'member')
    union all select 'may create in schema ' || nspname from pg_namespace
      where nspname in (current_schema(), 'bullmq') and has_schema_privilege(oid, 'create')
    union all select 'owns ' || string_agg(c.relname, ', ' order by c.relname) from pg_class c
      where c.relnamespace = to_regnamespace(current_schema()) and c.relname = any (${tables}::text[])
        and pg_has_role(current_user, c.relowner, 'member') having count(*) > 0`.execute(db);
  // Whoever owns them can do everything: no second list.
  if (roles.some(({ excess }) => /^(is a superuser|owns )/.test(excess))) return roles.map(({ excess }) => excess);
  const { rows: rights } = await sql<{ excess: string }>`
    with wanted as (
      select to_regclass(w."table") as relation, w."right", w.columns
      from jsonb_to_recordset(${wanted}::jsonb) as w("table" text, "right" text, columns text[])
    )
    select 'may ' || p."right" || ' ' || c.relname as excess
    from pg_class c
    cross join unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as p("right")
    left join wanted w on w.relation = c.oid and w."right" = p."right"
    where c.relnamespace = to_regnamespace(current_schema()) and c.relname = any (${tables}::text[])
      and (w.relation is null or w.columns is not null)
      and case when has_table_privilege(c.oid, p."right") then true
        when p."right" in ('insert', 'update', 'references') then exists (
          select from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            and not a.attname = any (coalesce(w.columns, '{}')) and has_column_privilege(c.oid, a.attnum, p."right"))
        else false end
    order by c.relname, p."right"`.execute(db);
  return [...roles, ...rights].map(({ excess }) => excess);
}

/** Also those that are closed to it. */
const tables = [...Object.keys(runtimeRights), 'leadsync_migration_lock'];
