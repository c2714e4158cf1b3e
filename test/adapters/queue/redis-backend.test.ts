import { Redis } from 'ioredis';
import { createServer } from 'node:net';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { joinPrivateRedis, type PrivateRedis, stopPrivateRedis } from '../../../src/adapters/redis/private-redis.ts';
import { connectQueue, type QueueConnection } from '../../../src/adapters/queue/connect-queue.ts';
import { eventually } from '../../support/eventually.ts';
import { testRedisUrl } from '../../support/redis.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { startTlsFront } from '../../support/tls-front.ts';
import { selfSigned } from '../leads-api/self-signed.ts';
import { expired, ofAnotherHost } from '../leads-api/strange-certificates.ts';
import { rowJob } from './queue-under-test.ts';
import { recordingProcessor } from './recording-processor.ts';

const name = 'register-lead';

describe.skipIf(testRedisUrl() === null)('Redis of its own', () => {
  test('losing everything costs time only: what is offered again runs', async () => {
    const { server, connection } = await openOwnRedis();
    await connection.offer([rowJob('r1-v1'), rowJob('r2-v1')]);
    const outsider = new Redis(server.url);
    await outsider.flushall();
    await outsider.quit();
    expect(await connection.load(name)).toBe(0);

    const processor = recordingProcessor();
    await connection.work([{ name, concurrency: 1, process: processor.process }]);
    await connection.offer([rowJob('r1-v1'), rowJob('r2-v1')]);
    expect((await processor.next()).jobId).toBe('r1-v1');
    expect((await processor.next()).jobId).toBe('r2-v1');
  });

  test('an offer while Redis is away fails at once; queue and workers go on when it is back', async () => {
    const { home, server, connection, errors } = await openOwnRedis();
    const processor = recordingProcessor();
    await connection.work([{ name, concurrency: 1, process: processor.process }]);
    await connection.offer([rowJob('r1-v1')]);
    await processor.next();

    await stopPrivateRedis(home);
    const begun = performance.now();
    await expect(connection.offer([rowJob('r2-v1')])).rejects.toThrow();
    await expect(connection.load(name)).rejects.toThrow();
    expect(performance.now() - begun).toBeLessThan(5_000);

    await eventually('a report of the outage', async () => errors.includes('ECONNREFUSED'));

    await server.ensureRunning();
    await eventually('an offer that is taken', () => isTaken(connection.offer([rowJob('r2-v1')])));
    expect((await processor.next()).jobId).toBe('r2-v1');
    expect(errors.length).toBeLessThan(5);
  });

  test('closing ends though Redis is away', async () => {
    const { home, connection } = await openOwnRedis();
    await connection.work([{ name, concurrency: 1, process: recordingProcessor().process }]);
    await connection.offer([rowJob('r1-v1')]);
    await stopPrivateRedis(home);
    const begun = performance.now();
    await connection.close(500);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  test('warns of a server that forgets', async () => {
    const { server, connection } = await openOwnRedis();
    expect(connection.warnings).toEqual([]);
    const outsider = new Redis(server.url);
    await outsider.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await outsider.config('SET', 'appendonly', 'no');
    await outsider.quit();
    const again = await connect(server.url);
    expect(again.connection.warnings).toEqual([
      expect.stringContaining('expected maxmemory-policy noeviction, found allkeys-lru'),
      expect.stringContaining('expected appendonly yes, found no'),
    ]);
  });

  test('a wrong password ends in one line that does not repeat it', async () => {
    const { server } = await openOwnRedis();
    const { port } = new URL(server.url);
    await expect(connect(`redis://:hunter2@127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'CONFIG_REDIS_UNREACHABLE',
      message: expect.stringMatching(
        new RegExp(`^REDIS_URL: .* at 127\\.0\\.0\\.1:${port}, found WRONGPASS\\. Way out: .*$`),
      ),
    });
  });
});

test('a Redis that is not there ends in one line: where, what, and the way out', async () => {
  await expect(connect('redis://someone:hunter2@127.0.0.1:1/0')).rejects.toMatchObject({
    code: 'CONFIG_REDIS_UNREACHABLE',
    message:
      'REDIS_URL: expected a Redis that answers at 127.0.0.1:1, found ECONNREFUSED. Way out: mend it, or unset it to use a private redis-server or PostgreSQL',
  });
});

test('a server that accepts and says nothing counts as not there after 5 s', async () => {
  const mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void mute.close());
  const address = mute.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const begun = performance.now();
  await expect(connect(`redis://127.0.0.1:${port}`)).rejects.toThrow('found no answer within 5 s');
  expect(performance.now() - begun).toBeLessThan(8_000);
});

describe.skipIf(testRedisUrl() === null)('Redis behind TLS', () => {
  async function front(credentials: { readonly cert: string; readonly key: string }) {
    const { port, password } = new URL(testRedisUrl() ?? '');
    const opened = await startTlsFront(credentials, Number(port));
    onTestFinished(() => opened.close());
    return { ...opened, url: `rediss://:${password}@127.0.0.1:${opened.port}` };
  }

  test('takes jobs when its certificate is of the authority that is named', async () => {
    const { url, bytesSeen } = await front(selfSigned);
    const { connection } = await connect(url, selfSigned.cert);
    expect(await connection.load(name)).toBe(0);
    expect(bytesSeen()).toBeGreaterThan(100);
  });

  test.each([
    ['nobody vouches for', selfSigned, undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['has ended', expired, expired.cert, 'CERT_HAS_EXPIRED'],
    ['names another host', ofAnotherHost, ofAnotherHost.cert, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('is not even told the password when its certificate %s', async (_says, credentials, ca, found) => {
    const { url, bytesSeen } = await front(credentials);
    // Whatever the process is told.
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(connect(url, ca)).rejects.toMatchObject({
      code: 'CONFIG_TLS_UNTRUSTED',
      message: expect.stringContaining(found),
    });
    expect(bytesSeen()).toBe(0);
  });
});

interface Connected {
  readonly connection: QueueConnection;
  readonly errors: string[];
}

async function connect(url: string, ca?: string): Promise<Connected> {
  const errors: string[] = [];
  const options = {
    prefix: 'test',
    onError: (code: string) => errors.push(code),
    onInfrastructureError: () => undefined,
  };
  const connection = await connectQueue({ kind: 'redis', url, ...(ca === undefined ? {} : { ca }) }, options);
  onTestFinished(async () => void (await connection.close(0)));
  return { connection, errors };
}

/** A server that the test may stop and flush. */
async function openOwnRedis(): Promise<Connected & { readonly home: string; readonly server: PrivateRedis }> {
  const folder = await scratchFolder();
  const home = folder.path;
  const server = await joinPrivateRedis({ home, binary: inject('redisBinary') ?? '' });
  onTestFinished(async () => {
    await server.leave();
    await stopPrivateRedis(home);
    await folder.remove();
  });
  return { home, server, ...(await connect(server.url)) };
}

function isTaken(offer: Promise<void>): Promise<boolean> {
  return offer.then(
    () => true,
    () => false,
  );
}
