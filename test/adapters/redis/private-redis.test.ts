import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { isRunning } from '../../../src/adapters/local-server/is-running.ts';
import { until } from '../../../src/adapters/local-server/until.ts';
import { findRedisServer } from '../../../src/adapters/redis/find-redis-server.ts';
import { joinPrivateRedis, stopPrivateRedis } from '../../../src/adapters/redis/private-redis.ts';
import { type ScratchFolder, scratchFolder } from '../../support/scratch-folder.ts';

const binary = inject('redisBinary') ?? '';
const JOINER = fileURLToPath(new URL('redis-joiner.ts', import.meta.url));

let folder: ScratchFolder;
let home: string;

beforeEach(async () => {
  folder = await scratchFolder();
  home = join(folder.path, 'home with a "name"');
});

afterEach(async () => {
  await stopPrivateRedis(home);
  await folder.remove();
});

describe.skipIf(binary === '')('a private Redis', () => {
  test('six processes that race on an empty home end on one server', async () => {
    const joined = await Promise.all(Array.from({ length: 6 }, joinInProcess));
    expect(new Set(joined.map(({ url }) => url)).size).toBe(1);
    await Promise.all(joined.map(({ leave }) => leave()));
    expect(await stopPrivateRedis(home)).toBe('not_running');
  });

  test('outlives the kill -9 of its starter and is joined by the next', async () => {
    const starter = await joinInProcess();
    const pid = await serverPid();
    await starter.kill();
    const redis = await joinPrivateRedis({ home, binary });
    expect(redis.url).toBe(starter.url);
    expect(await serverPid()).toBe(pid);
    await redis.leave();
    expect(await isRunning(pid, '127.0.0.1')).toBe(false);
  });

  test('never evicts, keeps its data on disk, and its password out of sight', async () => {
    const redis = await joinPrivateRedis({ home, binary });
    const client = new Redis(redis.url);
    for (const [name, value] of [
      ['maxmemory-policy', 'noeviction'],
      ['appendonly', 'yes'],
      ['appendfsync', 'everysec'],
      ['bind', '127.0.0.1'],
    ] as const) {
      expect(await client.config('GET', name)).toEqual([name, value]);
    }
    client.disconnect();
    expect(await isRunning(await serverPid(), new URL(redis.url).password)).toBe(false);
    for (const name of ['password', 'redis.conf']) {
      expect((await stat(join(home, 'redis', name))).mode & 0o777).toBe(0o600);
    }
    await redis.leave();
  });

  test('is healed by ensureRunning after a kill -9, on the same port and with its data', async () => {
    const redis = await joinPrivateRedis({ home, binary });
    const { url } = redis;
    const client = new Redis(url, { retryStrategy: () => 20 });
    client.on('error', () => {});
    await client.set('kept', '7');
    const pid = await serverPid();
    const closed = once(client, 'close');
    process.kill(pid, 'SIGKILL');
    await closed;
    expect(await Promise.all([redis.ensureRunning(), redis.ensureRunning()])).toEqual(['restarted', 'restarted']);
    expect(redis.url).toBe(url);
    expect(await client.get('kept')).toBe('7');
    expect(await redis.ensureRunning()).toBe('running');
    client.disconnect();
    await redis.leave();
  });

  test('is stopped by the last one out, and not while another client is there', async () => {
    const first = await joinPrivateRedis({ home, binary });
    const client = new Redis(first.url);
    client.on('error', () => {});
    await client.ping();
    await first.leave();
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
    // At once after the last has stopped it, as commands of a script do.
    await (await joinPrivateRedis({ home, binary })).leave();
    const last = await joinPrivateRedis({ home, binary });
    const pid = await serverPid();
    await last.leave();
    await last.leave();
    expect(await isRunning(pid, '127.0.0.1')).toBe(false);
    await expect(last.ensureRunning()).rejects.toThrow('after leave()');
  });

  test('leaves its port to a stranger who has taken it', async () => {
    const redis = await joinPrivateRedis({ home, binary });
    await redis.leave();
    const stranger = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    stranger.listen(Number(new URL(redis.url).port), '127.0.0.1');
    await once(stranger, 'listening');
    const again = await joinPrivateRedis({ home, binary });
    expect(again.url).not.toBe(redis.url);
    await again.leave();
    stranger.close();
  });

  test('that was frozen is waited for and not replaced', async () => {
    const redis = await joinPrivateRedis({ home, binary });
    const pid = await serverPid();
    process.kill(pid, 'SIGSTOP');
    const joining = joinPrivateRedis({ home, binary });
    const checking = redis.ensureRunning();
    expect(await Promise.race([until(async () => false, 2_500), joining])).toBe(false);
    process.kill(pid, 'SIGCONT');
    expect((await joining).url).toBe(redis.url);
    expect(await checking).toBe('running');
    await Promise.all([(await joining).leave(), redis.leave()]);
    expect(await isRunning(pid, '127.0.0.1')).toBe(false);
  });
});

describe('findRedisServer', () => {
  test('takes redis-server before valkey-server, and only programs in absolute folders', async () => {
    const [one, two] = [join(folder.path, 'one'), join(folder.path, 'two')];
    for (const path of [one, two]) await mkdir(path);
    const path = ['.', join(folder.path, 'missing'), one, two].join(delimiter);
    expect(findRedisServer(undefined)).toBeNull();
    expect(findRedisServer(path)).toBeNull();
    await writeFile(join(one, 'valkey-server'), '', { mode: 0o755 });
    expect(findRedisServer(path)).toBe(join(one, 'valkey-server'));
    await writeFile(join(two, 'redis-server'), '', { mode: 0o644 });
    expect(findRedisServer(path)).toBe(join(one, 'valkey-server'));
    await chmod(join(two, 'redis-server'), 0o755);
    expect(findRedisServer(path)).toBe(join(two, 'redis-server'));
  });
});

async function serverPid(): Promise<number> {
  return Number(await readFile(join(home, 'redis', 'redis.pid'), 'utf8'));
}

async function joinInProcess() {
  const child = spawn(process.execPath, [JOINER, home, binary], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url,
    async leave() {
      child.stdin.end();
      await ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
