import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selfSigned } from '../../adapters/leads-api/self-signed.ts';
import type { Random } from '../../simulation/random.ts';
import type { Cell } from '../cell.ts';
import { startChild } from './child.ts';
import { startConnectProxy, type ConnectProxy } from './connect-proxy.ts';
import { startOwnPostgres, type OwnPostgres } from './own-postgres.ts';
import { startOwnRedis, type OwnRedis } from './own-redis.ts';
import { partner, partnerConfig } from './partner-files.ts';
import { startRemoteApi, type RemoteApi } from './remote-api.ts';
import { workerEnvironment } from './settings.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { startWorkers, type Worker } from './workers.ts';

export interface World {
  readonly home: string;
  /** Logs of the processes, the API's record, and what Redis has been told. */
  readonly folder: string;
  readonly api: RemoteApi;
  readonly postgres: OwnPostgres;
  readonly redis: OwnRedis | null;
  readonly ways: { readonly api: TcpProxy; readonly postgres: TcpProxy; readonly redis: TcpProxy | null };
  readonly connectProxy: ConnectProxy | null;
  readonly workers: readonly Worker[];
  readonly env: Readonly<Record<string, string>>;
  /** One of all hosts, or one of each. */
  readonly spools: readonly string[];
  /** Workers that ended by themselves. */
  exits(): number;
  stop(): Promise<void>;
}

export interface WorkerScript {
  readonly script: string;
  readonly args: readonly string[];
  /** leadsync: the ledger is migrated first, and the workers have the rights of a service. Without it they own the database. */
  readonly isMigrated?: boolean;
  /** Over the settings of the suite. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Servers of the cell's own under `folder`, and the worker processes, which reach them through ways that can be broken. */
export async function startWorld(
  folder: string,
  cell: Cell,
  random: Random,
  worker: WorkerScript,
  partners: Readonly<Record<string, string>> = { [partner]: partnerConfig },
): Promise<World> {
  const home = join(folder, 'home');
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(home, 'partners'), { recursive: true });
  for (const [id, config] of Object.entries(partners)) {
    await mkdir(join(home, 'inbox', id), { recursive: true });
    await writeFile(join(home, 'partners', `${id}.yaml`), config);
  }
  await writeFile(join(home, 'ca.pem'), selfSigned.cert);

  const transport = cell.transport ?? 'http';
  const [postgres, redis, api] = await Promise.all([
    startOwnPostgres(join(folder, 'postgres'), { slow: cell.slowDisk === true }),
    cell.backend === 'redis' ? startOwnRedis(join(folder, 'redis')) : null,
    startRemoteApi(folder, {
      seed: cell.seed,
      rates: cell.faults,
      transport,
      honoursKeys: cell.honoursKeys === true,
    }),
  ]);
  const ways = {
    api: await startTcpProxy(api.port, random),
    postgres: await startTcpProxy(postgres.port, random),
    redis: redis === null ? null : await startTcpProxy(redis.port, random),
  };
  const connectProxy = cell.httpProxy === true ? await startConnectProxy(random) : null;
  const env = {
    ...workerEnvironment({
      home,
      databaseUrl: (worker.isMigrated === true ? postgres.serviceUrl : postgres.url)(ways.postgres.port),
      redisUrl: ways.redis === null ? null : `redis://127.0.0.1:${ways.redis.port}`,
      apiUrl: `${transport === 'http' ? 'http' : 'https'}://127.0.0.1:${ways.api.port}`,
    }),
    ...(transport === 'http' ? {} : { LEADS_API_TLS_CA: join(home, 'ca.pem') }),
    ...(cell.honoursKeys === true ? { LEADS_API_RETRY_AMBIGUOUS: 'true' } : {}),
    ...(connectProxy === null ? {} : { LEADS_API_PROXY: `http://127.0.0.1:${connectProxy.port}` }),
    ...worker.env,
  };
  if (worker.isMigrated === true) await migrate(worker.script, env, postgres, folder);
  let exits = 0;
  const spoolOf = (index: number): string =>
    cell.hosts === 'apart' ? join(folder, 'spools', String(index)) : join(home, 'spool');
  const workers = startWorkers({
    ...worker,
    folder,
    envOf: (index) => ({ ...env, LEADSYNC_SPOOL: spoolOf(index) }),
    ailments: cell.ailments,
    onExit: () => (exits += 1),
  });
  return {
    home,
    folder,
    api,
    postgres,
    redis,
    ways,
    connectProxy,
    workers,
    env,
    spools: [...new Set(cell.ailments.map((_, index) => spoolOf(index)))],
    exits: () => exits,
    async stop() {
      await Promise.all(workers.map((one) => one.stop(15_000)));
      await Promise.all([ways.api.close(), ways.postgres.close(), ways.redis?.close(), connectProxy?.close()]);
      await Promise.all([api.stop(), postgres.stop(), redis?.stop()]);
    },
  };
}

/** As a DBA does before the first start, by the code that the workers run. */
async function migrate(
  script: string,
  env: Readonly<Record<string, string>>,
  postgres: OwnPostgres,
  folder: string,
): Promise<void> {
  const child = startChild(process.execPath, [script, 'migrate'], {
    log: join(folder, 'migrate.log'),
    env: { ...env, DATABASE_URL: postgres.serviceUrl(), DATABASE_ADMIN_URL: postgres.url() },
  });
  await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`the ledger could not be migrated: see ${join(folder, 'migrate.log')}`);
}
