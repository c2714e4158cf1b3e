import { inject } from 'vitest';

/** The run's Redis; null where there is no redis-server on the PATH. Shared: use a queue prefix of your own. */
export function testRedisUrl(): string | null {
  return inject('redisUrl');
}
