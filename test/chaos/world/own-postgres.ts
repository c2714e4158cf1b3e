import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { prepareCluster, SUPERUSER } from '../../../src/adapters/postgres/cluster.ts';
import { endChild, startChild } from './child.ts';
import { freePort } from './free-port.ts';
import { insist } from './insist.ts';

export interface OwnPostgres {
  readonly port: number;
  /** Of the ledger's database for its owner, at this port or through a proxy at another. */
  url(port?: number): string;
  /** Likewise for the role that a service works as, which `leadsync migrate` makes. */
  serviceUrl(port?: number): string;
  /** Backends die where they are, and recovery replays the log: `pg_ctl -m immediate restart`. */
  restartImmediately(): Promise<void>;
  /** Ends every connection of leadsync, or each with `chance` of 1. */
  terminate(chance: number): Promise<void>;
  /** A copy of the ledger as it is now. Whoever is connected is thrown out. */
  backUp(): Promise<void>;
  /** The ledger is again what that copy says. */
  bringBack(): Promise<void>;
  stop(): Promise<void>;
}

const slowDisk = { commit_delay: '20000', commit_siblings: '0' };

/** A PostgreSQL of the cell's own. `slow`: every commit waits 20 ms before its fsync. */
export async function startOwnPostgres(home: string, { slow }: { readonly slow: boolean }): Promise<OwnPostgres> {
  const { directory, password, runAs } = await prepareCluster(home);
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    ...(slow ? slowDisk : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  function start(): ChildProcess {
    const { file, args, ...identity } = runAs.command('postgres', ['-D', directory, '-p', String(port), ...flags]);
    return startChild(file, args, { log: join(home, 'postgres.log'), ...identity });
  }
  const url = (at = port, database = 'ledger'): string =>
    `postgres://${SUPERUSER}:${password}@127.0.0.1:${at}/${database}`;
  async function execute(database: string, statement: string, values: unknown[] = []): Promise<void> {
    const client = new pg.Client({ connectionString: url(port, database), connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(statement, values);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  /** Each step may be done again: the server may be restarted in the middle of it. */
  async function copy(from: string, to: string): Promise<void> {
    await insist(async () => {
      await execute('postgres', `drop database if exists ${to} with (force)`);
      await execute('postgres', `alter database ${from} allow_connections false`);
      await execute(
        'postgres',
        `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${from}'`,
      );
      await execute('postgres', `create database ${to} template ${from}`);
      await execute('postgres', `alter database ${from} allow_connections true`);
    }, 30_000);
  }
  let server = start();
  await insist(() => execute('postgres', 'create database ledger'), 30_000);
  return {
    port,
    url: (at) => url(at),
    serviceUrl: (at = port) => `postgres://service:secret-of-the-service@127.0.0.1:${at}/ledger`,
    async restartImmediately() {
      await endChild(server, 'SIGQUIT');
      server = start();
    },
    terminate: (chance) =>
      execute(
        'ledger',
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = 'ledger' and pid <> pg_backend_pid() and random() < $1`,
        [chance],
      ).catch(() => undefined),
    backUp: () => copy('ledger', 'backup'),
    bringBack: () => copy('backup', 'ledger'),
    stop: () => endChild(server, 'SIGQUIT'),
  };
}
