import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync } from '../support/leadsync-process.ts';
import { testRedisUrl } from '../support/redis.ts';
import { createInstallation, type Installation } from './installation.ts';

let api: FakeLeadsApi;
let the: Installation;

beforeAll(async () => {
  api = await startFakeLeadsApi();
  the = await createInstallation('wrong passwords', api);
});
afterAll(async () => {
  await the.remove();
  await api.close();
});

const wrong = 'not-the-r1ght-one';

function withPassword(url: string): string {
  const changed = new URL(url);
  changed.password = wrong;
  return changed.href;
}

const redisUrl = testRedisUrl();

it.each([
  ['the database', () => ({ DATABASE_URL: withPassword(the.env['DATABASE_URL'] ?? '') }), 'DATABASE_URL'],
  ...(redisUrl === null ? [] : [['Redis', () => ({ REDIS_URL: withPassword(redisUrl) }), 'REDIS_URL'] as const]),
] as const)('a password that %s refuses is told as such, and shown nowhere', async (_, change, names) => {
  for (const command of ['run', 'doctor']) {
    const { code, output } = await runLeadsync([command], { ...the.env, ...change(), LOG_LEVEL: 'debug' });
    expect(code, output).toBe(2);
    expect(output).toContain(names);
    expect(output).not.toContain(wrong);
    expect(output).not.toMatch(/\n +at /);
  }
});

it('an owner whose password is refused is told as such by migrate, and shown nowhere', async () => {
  const env = { ...the.env, DATABASE_ADMIN_URL: withPassword(the.adminUrl) };
  const { code, output } = await runLeadsync(['migrate'], env);
  expect([code, output]).toEqual([2, expect.stringContaining('DATABASE_ADMIN_URL')]);
  expect(output).not.toContain(wrong);
});
