import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { until } from '../local-server/until.ts';
import { type Cluster, SUPERUSER } from './cluster.ts';

/** Nothing else of ours locks anything in the database `postgres`, and advisory locks are per database. */
const LOCK = 7070;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * One open connection that says: a process uses this server, even while its pools are empty. It holds a shared lock, so
 * that nobody can join between the last one's look around and its stopping the server.
 */
export interface Presence {
  /** False once the connection is lost or the server does not answer within 5 s. */
  isAlive(): Promise<boolean>;
  createDatabase(name: string): Promise<void>;
  /** A role that may log in and nothing else. */
  createRole(name: string, password: string): Promise<void>;
  /** Waits up to 500 ms for the other clients to vanish. True: there is none, and none can join until `close()`. */
  becomesLast(): Promise<boolean>;
  close(): Promise<void>;
}

/** Throws when nobody answers on `port`, or it is not the server of this cluster. */
export async function openPresence(cluster: Cluster, port: number): Promise<Presence> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password: cluster.password,
    database: 'postgres',
    ssl: false,
    application_name: 'leadsync',
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  let isLost = false;
  client.on('error', () => (isLost = true));
  client.on('end', () => (isLost = true));
  try {
    await client.connect();
    await holdShared(client);
    const shown = await client.query<{ data_directory: string }>('show data_directory');
    if (resolve(shown.rows[0]?.data_directory ?? '') !== cluster.directory)
      throw new Error(`port ${port} serves another folder`);
  } catch (error) {
    await hangUp(client);
    throw error;
  }
  // pg will refuse a query while another is under way.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => {});
    return result;
  };
  return {
    isAlive: async () => !isLost && (await inTurn(() => client.query('select')).then(yes, no)),
    createDatabase: (name) => inTurn(() => createDatabase(client, name)),
    createRole: (name, password) => inTurn(() => createRole(client, name, password)),
    becomesLast: async () => (await takeAlone(client)) && until(() => hasNoOthers(client), 500),
    close: () => hangUp(client),
  };
}

/** A leaver that was frozen at the wrong moment must not keep everybody out: after 2 s we go without the lock. */
async function holdShared(client: pg.Client): Promise<void> {
  await client.query(`set lock_timeout = '2s'`);
  await client.query('select pg_advisory_lock_shared($1)', [LOCK]).catch((error: { code?: string }) => {
    if (error.code !== LOCK_NOT_AVAILABLE) throw error;
  });
}

/** Our own share goes first: of two that leave at once, one gets the lock and sees the other go. */
async function takeAlone(client: pg.Client): Promise<boolean> {
  await client.query('select pg_advisory_unlock_shared($1)', [LOCK]);
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [LOCK]);
  return rows[0]?.taken === true;
}

async function hasNoOthers(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
  return rowCount === 0;
}

/** Looked up first, since an attempt in vain is an error line in the log. Two at once: the second's error is ignored. */
async function createDatabase(client: pg.Client, name: string): Promise<void> {
  const found = await client.query('select from pg_database where datname = $1', [name]);
  if (found.rowCount !== 0) return;
  await client.query(`create database ${client.escapeIdentifier(name)}`).catch(ifThere);
}

async function createRole(client: pg.Client, name: string, password: string): Promise<void> {
  const found = await client.query('select from pg_roles where rolname = $1', [name]);
  if (found.rowCount !== 0) return;
  const role = client.escapeIdentifier(name);
  await client.query(`create role ${role} login password ${client.escapeLiteral(password)}`).catch(ifThere);
}

/** duplicate_database, duplicate_object, and what two at once end in. */
function ifThere(error: Error & { code?: string }): void {
  if (!['42P04', '42710', '23505'].includes(error.code ?? '')) throw error;
}

/** A frozen server never says goodbye: it is not waited for longer than a second. */
async function hangUp(client: pg.Client): Promise<void> {
  await Promise.race([client.end().catch(() => {}), delay(1_000, undefined, { ref: false })]);
}

const yes = () => true;
const no = () => false;
