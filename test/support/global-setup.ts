import { glob, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { exists } from '../../src/adapters/local-server/is-running.ts';
import {
  type EmbeddedDatabase,
  joinEmbeddedDatabase,
  stopEmbeddedDatabase,
} from '../../src/adapters/postgres/embedded-database.ts';
import { findRedisServer } from '../../src/adapters/redis/find-redis-server.ts';
import { joinPrivateRedis, type PrivateRedis, stopPrivateRedis } from '../../src/adapters/redis/private-redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** data/test/<pid of the run>, inside the checkout and ignored by git. */
    runFolder: string;
    /** For a superuser. */
    postgresUrl: string;
    /** For the role that a service works as. */
    runtimeUrl: string;
    redisUrl: string | null;
    /** The redis-server found on the PATH, for tests that start one of their own. */
    redisBinary: string | null;
  }
}

const TEST_DATA = fileURLToPath(new URL('../../data/test', import.meta.url));
const runFolder = join(TEST_DATA, String(process.pid));
const home = join(runFolder, 'home');

let database: EmbeddedDatabase | undefined;
let redis: PrivateRedis | undefined;

/** One PostgreSQL and, where there is a redis-server, one Redis for the whole run. */
export async function setup(project: TestProject): Promise<void> {
  await sweepDeadRuns();
  await mkdir(join(runFolder, 'scratch'), { recursive: true });
  const binary = findRedisServer(process.env['PATH']);
  if (binary === null) console.error(NO_REDIS);
  [database, redis] = await Promise.all([
    joinEmbeddedDatabase({ home }),
    binary === null ? undefined : joinPrivateRedis({ home, binary }),
  ]);
  project.provide('runFolder', runFolder);
  project.provide('postgresUrl', database.adminUrl);
  project.provide('runtimeUrl', database.url);
  project.provide('redisUrl', redis?.url ?? null);
  project.provide('redisBinary', binary);
}

const NO_REDIS = `
!!! NO redis-server ON THE PATH: the Redis half of the queue tests is SKIPPED. Get it: apt-get install redis-server (brew install redis)
`;

/** What failed tests have left in scratch folders stays for a look until the next run. */
export async function teardown(): Promise<void> {
  await Promise.all([database?.leave(), redis?.leave()]);
  // Clients of a test that forgot to close must not keep the servers alive.
  await stopServers(home);
  await rm(home, { recursive: true, force: true });
  await rmdir(join(runFolder, 'scratch'))
    .then(() => rmdir(runFolder))
    .catch(() => {});
}

/** Folders, and maybe living servers, of runs that were killed. */
async function sweepDeadRuns(): Promise<void> {
  for (const pid of await readdir(TEST_DATA).catch(() => [])) {
    if (!/^\d+$/.test(pid) || exists(Number(pid))) continue;
    const run = join(TEST_DATA, pid);
    const homes = await Array.fromAsync(glob(['home', 'scratch/*', 'scratch/*/*'], { cwd: run }));
    for (const home of homes) await stopServers(join(run, home)).catch(() => {});
    await rm(run, { recursive: true, force: true });
  }
}

async function stopServers(folder: string): Promise<void> {
  await Promise.all([stopEmbeddedDatabase(folder), stopPrivateRedis(folder)]);
}
