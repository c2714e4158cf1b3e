import { sql, type Kysely } from 'kysely';
import { runtimeRights, runtimeSequences } from './runtime-rights.ts';

/** Every right of the list, one a line; `columns` null is the whole table. */
const wanted = JSON.stringify(
  Object.entries(runtimeRights).flatMap(([table, rights]) =>
    Object.entries(rights).map(([right, on]) => ({ table, right, columns: on === true ? null : on })),
  ),
);
/** Also those that are closed to it. */
const tables = [...Object.keys(runtimeRights), 'leadsync_migration_lock'];
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
    with own as (${ownRoles})
    select case when o."isSelf" then '' else 'acts for ' || o.name || ', who ' end || a.what as excess
      from own o cross join lateral (values ('is a superuser', o.super), ('may make roles', o.makes),
        ('may replicate everything', o.replicates)) as a(what, has)
      where a.has and (o."isSelf" or not exists (select from own where "isSelf" and super))
    union all select 'acts for ' || rolname from pg_roles where rolname in ('pg_write_all_data', 'pg_read_all_data',
      'pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files')
      and pg_has_role(current_user, oid, 'member')
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
    with own as (${ownRoles}), wanted as (
      select to_regclass(w."table") as relation, w."right", w.columns
      from jsonb_to_recordset(${wanted}::jsonb) as w("table" text, "right" text, columns text[])
    )
    select distinct 'may ' || p."right" || ' ' || c.relname as excess, c.relname, p."right"
    from own o cross join pg_class c
    cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as p("right")
    left join wanted w on w.relation = c.oid and w."right" = p."right"
    where c.relnamespace = to_regnamespace(current_schema()) and c.relname = any (${tables}::text[])
      and (w.relation is null or w.columns is not null)
      and case when has_table_privilege(o.oid, c.oid, p."right") then true
        when p."right" in ('select', 'insert', 'update', 'references') then exists (
          select from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            and not a.attname = any (coalesce(w.columns, '{}'))
            and has_column_privilege(o.oid, c.oid, a.attnum, p."right"))
        else false end
    order by c.relname, p."right"`.execute(db);
  const { rows: numbers } = await sql<{ excess: string }>`
    with own as (${ownRoles}), sequences as (${sequencesOfTables})
    select distinct 'may set the numbers of ' || s."table" as excess from own o cross join sequences s
    where not s."isWanted" and has_sequence_privilege(o.oid, s.oid, 'update') order by 1`.execute(db);
  return [...roles, ...rights, ...numbers, ...(await triggersOff(db))].map(({ excess }) => excess);
}

/** Whoever is connected, and every role that it could act for, by inheriting or by `set role`. */
const ownRoles = sql`select oid, rolname as name, rolname = current_user as "isSelf", rolsuper as super,
  rolcreaterole as makes, rolreplication as replicates from pg_roles where pg_has_role(current_user, oid, 'member')`;

/** Sequences that number the lines of our tables; of which the service may move the numbers, is `isWanted`. */
const sequencesOfTables = sql`select s.oid, c.relname as "table", exists (
    select from jsonb_to_recordset(${sequences}::jsonb) as w("table" text, "column" text)
    where w."table" = c.relname and w."column" = a.attname) as "isWanted"
  from pg_class s join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = s.oid and d.deptype in ('a', 'i')
  join pg_class c on d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid
  join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
  where s.relkind = 'S' and c.relnamespace = to_regnamespace(current_schema()) and c.relname = any (${tables}::text[])`;

/** Moves of rows are kept legal by triggers, which this setting turns off. It can be granted since PostgreSQL 15. */
async function triggersOff(db: Kysely<unknown>): Promise<readonly { readonly excess: string }[]> {
  const { rows } = await sql<{ isNew: boolean }>`
    select to_regprocedure('has_parameter_privilege(text, text)') is not null as "isNew"`.execute(db);
  if (rows[0]?.isNew !== true) return [];
  const { rows: found } = await sql<{ excess: string }>`
    select 'may set session_replication_role' as excess from (${ownRoles}) as o
    where has_parameter_privilege(o.oid, 'session_replication_role', 'set') limit 1`.execute(db);
  return found;
}
