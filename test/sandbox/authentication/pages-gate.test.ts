import { expect, test } from 'vitest';
import type { SandboxAuthentication } from '../../../src/sandbox/authentication/sandbox-authentication.ts';
import { useSandboxes } from '../sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox pages gate');

const modes: readonly [Exclude<SandboxAuthentication, { kind: 'none' }>, string][] = [
  [{ kind: 'basic', clientId: 'leadsync', clientSecret: 'secret' }, 'secret'],
  [{ kind: 'api-key', clientId: 'leadsync', key: 'key' }, 'key'],
  [{ kind: 'oauth2', clientId: 'leadsync', clientSecret: 'secret' }, 'secret'],
];

const paths = ['/__sandbox/state', '/__sandbox/faults'];

test.each(modes)('on loopback everybody may look: %j', async (authentication) => {
  const { url } = await sandboxes.start({ authentication });
  for (const path of paths) expect((await fetch(url + path)).status).toBe(200);
});

test.each(modes)('beyond loopback id and secret are asked for: %j', async (authentication, secret) => {
  const { url } = await sandboxes.start({ authentication, host: '0.0.0.0' });
  const look = (path: string, authorization?: string) =>
    fetch(url + path, { headers: authorization === undefined ? {} : { authorization } });
  for (const path of paths) {
    const stranger = await look(path);
    expect(stranger.status).toBe(401);
    expect(stranger.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect((await look(path, `Basic ${btoa('leadsync:wrong')}`)).status).toBe(401);
    expect((await look(path, `Basic ${btoa(`leadsync:${secret}`)}`)).status).toBe(200);
  }
  const order = await fetch(`${url}/__sandbox/faults`, { method: 'DELETE' });
  expect(order.status).toBe(401);
});

test('pages say that nothing from outside may be loaded and nobody may frame them', async () => {
  const { url } = await sandboxes.start();
  const { headers } = await fetch(`${url}/__sandbox/state`);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});
