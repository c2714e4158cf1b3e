import { expect, test } from 'vitest';
import { chooseBackend } from '../../../src/adapters/queue/choose-backend.ts';

const redisUrl = 'redis://queue.internal:6379';
const redisServerBinary = '/usr/bin/redis-server';
const nothing = { redisUrl: null, redisServerBinary: null };
const everything = { redisUrl, redisServerBinary };

test.each([
  { queueBackend: 'auto', found: everything, chosen: { kind: 'redis', url: redisUrl } },
  {
    queueBackend: 'auto',
    found: { redisUrl: null, redisServerBinary },
    chosen: { kind: 'private-redis', binary: redisServerBinary },
  },
  { queueBackend: 'auto', found: nothing, chosen: { kind: 'postgres' } },
  { queueBackend: 'redis', found: everything, chosen: { kind: 'redis', url: redisUrl } },
  {
    queueBackend: 'redis',
    found: { redisUrl: null, redisServerBinary },
    chosen: { kind: 'private-redis', binary: redisServerBinary },
  },
  { queueBackend: 'postgres', found: everything, chosen: { kind: 'postgres' } },
] as const)('$queueBackend with $found chooses $chosen.kind', ({ queueBackend, found, chosen }) => {
  expect(chooseBackend({ queueBackend, ...found })).toEqual(chosen);
});

test('demanding Redis where there is none ends in one line with the way out', () => {
  expect(() => chooseBackend({ queueBackend: 'redis', ...nothing })).toThrow(
    /^LEADSYNC_QUEUE_BACKEND=redis: expected REDIS_URL or a redis-server on the PATH, found neither\. Way out: .*$/,
  );
});
