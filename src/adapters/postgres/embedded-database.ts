import { realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigFault } from '../../domain/config-fault.ts';
import { lastWords } from '../local-server/last-words.ts';
import { until } from '../local-server/until.ts';
import { type Cluster, prepareCluster, RUNTIME_ROLE, SUPERUSER } from './cluster.ts';
import { databaseFault } from './database-fault.ts';
import { findPostmaster, isPostmaster } from './postmaster-pid.ts';
import { openPresence, type Presence } from './presence.ts';
import { placesOf } from './run-as.ts';
import { startServer } from './start-server.ts';

const DATABASE = 'leadsync';
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 30_000;

/** Our share in the PostgreSQL server of a home folder, which all processes of that home use together. */
export interface EmbeddedDatabase {
  /** postgres://leadsync_runtime:…@127.0.0.1:port/leadsync. The port stays over restarts unless it was taken. */
  readonly url: string;
  /** The same database for a superuser, `leadsync`: for migrations. */
  readonly adminUrl: string;
  /** Of `url`. */
  readonly runtimeRole: string;
  /** The folder with the data: under the home, or under /var/lib/leadsync where root can't run PostgreSQL in the home. */
  readonly place: string;
  /** The superuser's URL of another database on this server, created if it is missing. */
  urlOf(database: string): Promise<string>;
  /** For a supervisor to call again and again: 'restarted' when the server was gone and this call started it. */
  ensureRunning(): Promise<'running' | 'restarted'>;
  /**
   * Gives up our share; close all pools first. The last one out stops the server and waits for its end: others are
   * looked for in pg_stat_activity over 500 ms. Idempotent; never throws.
   */
  leave(): Promise<void>;
}

interface Share {
  readonly presence: Presence;
  readonly pid: number;
  readonly port: number;
  readonly hasStarted: boolean;
}

/**
 * Joins the PostgreSQL server of `home`; makes the cluster and starts the server where there is none. The server outlives
 * us however we end, unless we `leave()` as the last. Keeps one connection (and so the process) open until then. Throws a
 * ConfigFault of one line with the way out, after 30 s at the latest once there is a cluster.
 */
export async function joinEmbeddedDatabase({ home }: { home: string }): Promise<EmbeddedDatabase> {
  return faulting(`could not be started in ${home}`, async () => {
    const cluster = await prepareCluster(home);
    const share = await joinServer(cluster);
    await share.presence.createDatabase(DATABASE);
    await share.presence.createRole(RUNTIME_ROLE, cluster.runtimePassword);
    return shareOf(cluster, share);
  });
}

function shareOf(cluster: Cluster, first: Share): EmbeddedDatabase {
  let share = first;
  let checking: Promise<'running' | 'restarted'> | null = null;
  let leaving: Promise<void> | null = null;
  const urlTo = (database: string, user = SUPERUSER, password = cluster.password) =>
    `postgres://${user}:${password}@127.0.0.1:${share.port}/${encodeURIComponent(database)}`;

  async function check(): Promise<'running' | 'restarted'> {
    if ((await isPostmaster(share.pid, cluster.directory)) && (await share.presence.isAlive())) return 'running';
    await share.presence.close();
    share = await joinServer(cluster);
    return share.hasStarted ? 'restarted' : 'running';
  }

  async function leave(): Promise<void> {
    await checking?.catch(() => {});
    await lastOneStops(cluster, share.presence).catch(() => {});
    await share.presence.close();
  }

  return {
    get url() {
      return urlTo(DATABASE, RUNTIME_ROLE, cluster.runtimePassword);
    },
    get adminUrl() {
      return urlTo(DATABASE);
    },
    runtimeRole: RUNTIME_ROLE,
    place: cluster.directory,
    async urlOf(database) {
      await faulting(`could not create the database ${database}`, () => share.presence.createDatabase(database));
      return urlTo(database);
    },
    async ensureRunning() {
      if (leaving) throw new Error('ensureRunning() after leave(): the server would be started for nobody');
      checking ??= faulting(`could not be started in ${cluster.directory}`, check).finally(() => (checking = null));
      return checking;
    },
    leave: () => (leaving ??= leave()),
  };
}

/** Looks who serves, connects, starts one where there is none, and again: each of them may fail against another process. */
async function joinServer(cluster: Cluster): Promise<Share> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  let started: number | null = null;
  let last: unknown;
  for (let wait = 50; performance.now() < deadline; await delay(wait)) {
    const postmaster = await findPostmaster(cluster.directory);
    if (postmaster === null) {
      const isOurs = await startServer(cluster);
      started = isOurs ? ((await findPostmaster(cluster.directory))?.pid ?? null) : null;
      // A start in vain costs a process each time; knocking costs nothing.
      wait = isOurs ? 0 : Math.min(wait * 2, 1_000);
    } else if (postmaster.isReady) {
      try {
        const presence = await openPresence(cluster, postmaster.port);
        return { ...postmaster, presence, hasStarted: started === postmaster.pid };
      } catch (error) {
        if ((error as { code?: string }).code === WRONG_PASSWORD) throw databaseFault(WRONG_PASSWORD_MEANS, error);
        last = error;
        wait = 50;
      }
    } else {
      wait = 50;
    }
  }
  const words = await lastWords(cluster.logPath, /FATAL|PANIC|unshare/);
  throw databaseFault(`no server after 30 s in ${cluster.directory}, see ${cluster.logPath}: ${words}`, last);
}

const WRONG_PASSWORD = '28P01';
const WRONG_PASSWORD_MEANS = 'pg.password is not the one that this cluster was made with; bring the old file back';

/** With a new connection where the old one is lost: the server may have lived on, or be started again by another. */
async function lastOneStops(cluster: Cluster, first: Presence): Promise<void> {
  const postmaster = await findPostmaster(cluster.directory);
  if (postmaster === null) return;
  const presence = (await first.isAlive()) ? first : await openPresence(cluster, postmaster.port);
  try {
    if (await presence.becomesLast()) await stop(cluster.directory, postmaster.pid);
  } finally {
    await presence.close();
  }
}

/** Stops the server of `home` even if others use it. Throws a ConfigFault if it has not ended after 30 s. */
export async function stopEmbeddedDatabase(home: string): Promise<'stopped' | 'not_running'> {
  return faulting(`could not be stopped in ${home}`, async () => {
    const path = await realpath(home).catch(() => home);
    for (const directory of placesOf(path)) {
      const postmaster = await findPostmaster(directory);
      if (postmaster === null) continue;
      await stop(directory, postmaster.pid);
      return 'stopped';
    }
    return 'not_running';
  });
}

/** SIGINT is PostgreSQL's "fast" shutdown: clients are cut off, everything committed is on disk. */
async function stop(directory: string, pid: number): Promise<void> {
  if (await isPostmaster(pid, directory)) process.kill(pid, 'SIGINT');
  const hasEnded = await until(async () => !(await isPostmaster(pid, directory)), STOP_TIMEOUT_MS);
  if (!hasEnded) throw databaseFault(`the server with pid ${pid} has not ended 30 s after SIGINT`);
}

/** Whatever goes wrong in here leaves as a ConfigFault. */
async function faulting<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ConfigFault ? error : databaseFault(what, error);
  }
}
