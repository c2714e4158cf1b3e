import { LATEST_SCHEMA_VERSION, runMigrations } from 'bullmq';
import pg from 'pg';
import { jobNames } from '../../app/ports/job-queue.ts';

/** BullMQ makes these at the first job of a queue, which a role without DDL can't. */
const idSequences = `select 'bullmq_jid_' || md5(name) as name from unnest($1::text[]) as n(name)`;

export interface QueueSchema {
  /** What the queue needs and whoever connects does not find, in words. Null: nothing. */
  readonly lacks: string | null;
  /** Whether whoever connects could make it. */
  readonly mayMigrate: boolean;
}

/** What there is of a queue in this database. */
export async function readQueueSchema(databaseUrl: string): Promise<QueueSchema> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ may: boolean }>(
      `select coalesce((select pg_has_role(current_user, nspowner, 'usage') from pg_namespace where nspname = 'bullmq'),
         has_database_privilege(current_database(), 'create')) as may`,
    );
    return { lacks: await lackOf(client), mayMigrate: rows[0]?.may === true };
  });
}

async function lackOf(client: pg.Client): Promise<string | null> {
  const { rows: visible } = await client.query<{ isVisible: boolean | null }>(
    `select has_schema_privilege(to_regnamespace('bullmq')::oid, 'usage') and has_table_privilege(
         to_regclass('bullmq.migration')::oid, 'select') as "isVisible"`,
  );
  if (visible[0]?.isVisible !== true) return 'the tables of BullMQ, or the rights to see them';
  const { rows: versions } = await client.query<{ version: number }>(
    'select coalesce(max(version), 0)::int as version from bullmq.migration',
  );
  if ((versions[0]?.version ?? 0) < LATEST_SCHEMA_VERSION) return `version ${LATEST_SCHEMA_VERSION} of BullMQ's tables`;
  const { rows: lacking } = await client.query<{ lacking: string }>(
    `select 'the sequence of a queue' as lacking from (${idSequences}) as s
         where coalesce(has_sequence_privilege(to_regclass('bullmq.' || s.name)::oid, 'usage'), false) = false
       union all select 'rights on ' || c.relname from pg_class c
         where c.relnamespace = to_regnamespace('bullmq') and c.relkind = 'r' and c.relname <> 'migration'
           and not (has_table_privilege(c.oid, 'insert') and has_table_privilege(c.oid, 'delete'))
       union all select 'the right to temporary tables'
         where not has_database_privilege(current_database(), 'temporary')
       limit 1`,
    [jobNames],
  );
  return lacking[0]?.lacking ?? null;
}

/**
 * Makes the schema `bullmq` and brings it up to this version, for its owner; gives `runtimeRole` what a queue takes, which
 * is no DDL. Does nothing that is done; processes that start together wait for each other.
 */
export async function migrateQueue(adminUrl: string, runtimeRole: string | null): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await runMigrations(client);
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtext('leadsync.migrate.queue'))`);
    const { rows: sequences } = await client.query<{ name: string }>(idSequences, [jobNames]);
    for (const { name } of sequences)
      await client.query(`create sequence if not exists bullmq.${client.escapeIdentifier(name)}`);
    if (runtimeRole !== null) await grant(client, runtimeRole);
    await client.query('commit');
  });
}

async function grant(client: pg.Client, role: string): Promise<void> {
  const grantee = client.escapeIdentifier(role);
  for (const statement of [
    `grant usage on schema bullmq to ${grantee}`,
    `grant select, insert, update, delete on all tables in schema bullmq to ${grantee}`,
    `revoke insert, update, delete on bullmq.migration from ${grantee}`,
    `grant usage, select, update on all sequences in schema bullmq to ${grantee}`,
    `grant execute on all functions in schema bullmq to ${grantee}`,
  ])
    await client.query(statement);
  // BullMQ adds jobs by way of temporary tables. As a rule PUBLIC may make them, and who migrates need not own the database.
  const { rows } = await client.query<{ database: string; may: boolean }>(
    `select current_database() as database, has_database_privilege($1, current_database(), 'temporary') as may`,
    [role],
  );
  if (rows[0]?.may === false)
    await client.query(`grant temporary on database ${client.escapeIdentifier(rows[0].database)} to ${grantee}`);
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString,
    application_name: 'leadsync queue',
    connectionTimeoutMillis: 10_000,
    lock_timeout: 10_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
