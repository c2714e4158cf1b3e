import { randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath, rename, unlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findFreePort } from '../local-server/free-port.ts';
import { readOrCreateOnce, readOrCreateSecret } from '../local-server/shared-secret.ts';

/**
 * The folder `home`/redis: `password` and `redis.conf` (0600), `port`, `redis.pid`, `redis.log` and the data. The kept
 * port is also what keeps two servers off the same data: all who race start on it, and Redis binds before it reads.
 */
export interface RedisHome {
  readonly folder: string;
  readonly configPath: string;
  readonly logPath: string;
  readonly password: string;
}

export async function prepareRedisHome(home: string): Promise<RedisHome> {
  await mkdir(resolve(home, 'redis'), { recursive: true, mode: 0o700 });
  const folder = await realpath(resolve(home, 'redis'));
  const password = await readOrCreateSecret(join(folder, 'password'));
  return { folder, password, configPath: join(folder, 'redis.conf'), logPath: join(folder, 'redis.log') };
}

/** The folder of a home that has had a Redis; null where there is none. */
export async function findRedisHome(home: string): Promise<RedisHome | null> {
  const kept = await readFile(join(home, 'redis', 'password'), 'utf8').catch(() => '');
  return kept === '' ? null : prepareRedisHome(home);
}

export async function keptPort({ folder }: RedisHome): Promise<number> {
  return Number(await readOrCreateOnce(join(folder, 'port'), String(await findFreePort(folder))));
}

/** Gives up a port that a stranger holds, unless another process has done so already. */
export async function giveUpPort({ folder }: RedisHome, port: number): Promise<void> {
  const path = join(folder, 'port');
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (Number(kept) === port) await unlink(path).catch(() => {});
}

/** The password stands in a file and not in the arguments, where every user of the machine could read it. */
export async function writeConfig({ folder, configPath, logPath, password }: RedisHome, port: number): Promise<void> {
  const settings = {
    bind: '127.0.0.1',
    port,
    requirepass: password,
    dir: quoted(folder),
    pidfile: quoted(join(folder, 'redis.pid')),
    logfile: quoted(logPath),
    daemonize: 'no',
    'protected-mode': 'yes',
    // BullMQ's jobs must never be thrown out to make room.
    'maxmemory-policy': 'noeviction',
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '""',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  const own = `${configPath}.${randomUUID()}`;
  await writeFile(own, lines.join(''), { mode: 0o600 });
  await rename(own, configPath);
}

function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, '\\$&')}"`;
}
