import { describe, expect, it } from 'vitest';
import { startFakeLeadsApi } from '../support/fake-leads-api.ts';
import { runLeadsync, startLeadsync } from '../support/leadsync-process.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { createInstallation } from './installation.ts';

const secret = Buffer.alloc(32, 1).toString('base64');

const wrong: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  ['no API', {}, ['LEADS_API_URL', 'found nothing']],
  ['an API without an environment', { LEADS_API_URL: 'http://127.0.0.1:9' }, ['LEADS_API_ENVIRONMENT', 'sandbox']],
  ['a URL that is none', { LEADS_API_URL: 'api.example' }, ['LEADS_API_URL', 'api.example']],
  [
    'a database that does not answer',
    {
      LEADS_API_URL: 'http://127.0.0.1:9',
      LEADS_API_ENVIRONMENT: 'test',
      DATABASE_URL: 'postgres://nobody:hidden@127.0.0.1:9/none',
      LEADSYNC_SECRET_KEY: secret,
    },
    ['DATABASE_URL', 'ECONNREFUSED'],
  ],
  [
    'a contract version that there is not',
    { LEADS_API_URL: 'http://127.0.0.1:9', LEADS_API_ENVIRONMENT: 'test', LEADS_API_VERSION: '9.9.9' },
    ['LEADS_API_VERSION', '9.9.9', '1.2.5'],
  ],
  [
    'two at once',
    { LEADS_API_URL: 'http://127.0.0.1:9', LEADS_API_ENVIRONMENT: 'moon', LEADS_API_TIMEOUT_MS: 'soon' },
    ['LEADS_API_ENVIRONMENT', 'moon', 'LEADS_API_TIMEOUT_MS', 'soon'],
  ],
];

describe('leadsync run with a wrong setting', () => {
  it.each(wrong)('ends with exit 2 and one readable message: %s', async (_name, env, words) => {
    const home = await scratchFolder();
    const { code, output } = await runLeadsync(['run'], { LEADSYNC_HOME: home.path, ...env });
    await home.remove();
    expect(code, output).toBe(2);
    for (const word of words) expect(output).toContain(word);
    expect(output).not.toMatch(/^ {4}at /m);
    expect(output).not.toContain('hidden');
  });

  it('refuses a ledger of another environment', async () => {
    const home = await scratchFolder();
    const env = { LEADSYNC_HOME: home.path, LEADS_API_URL: 'http://127.0.0.1:9' };
    expect((await runLeadsync(['status'], { ...env, LEADS_API_ENVIRONMENT: 'test' })).code).toBe(0);
    const { code, output } = await runLeadsync(['run'], { ...env, LEADS_API_ENVIRONMENT: 'sandbox' });
    await home.remove();
    expect(code, output).toBe(2);
    expect(output).toContain('CONFIG_ENVIRONMENT_MISMATCH');
  });
});

it('leadsync run warns at its start of what its settings leave open, and names no secret', async () => {
  const api = await startFakeLeadsApi();
  const the = await createInstallation('settings warn', api, { LEADSYNC_QUEUE_BACKEND: 'postgres' });
  const open = { ...the.env, DATABASE_ADMIN_URL: the.adminUrl, LEADSYNC_INBOXES: '/srv/in' };
  const service = startLeadsync(['run'], open);
  await service.says('could change the audit log by it');
  expect(service.output()).toContain('warning      DATABASE_ADMIN_URL is set');
  expect(service.output()).toContain('warning      LEADSYNC_INBOXES is no variable of leadsync');
  expect(service.output()).not.toContain(new URL(the.adminUrl).password);
  await service.end('SIGTERM');
  const consoleAlone = startLeadsync(['run', '--roles', 'console'], open);
  await consoleAlone.says('LEADSYNC_INBOXES is no variable of leadsync');
  await consoleAlone.end('SIGTERM');
  await the.remove();
  await api.close();
});
