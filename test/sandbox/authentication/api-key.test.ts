import { expect, test } from 'vitest';
import type { ApiKeyAuthentication } from '../../../src/sandbox/authentication/sandbox-authentication.ts';
import { call } from '../../adapters/leads-api/api-under-test.ts';
import { person, personBody, useSandboxes } from '../sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox api key');
const authentication: ApiKeyAuthentication = { kind: 'api-key', clientId: 'leadsync', key: 'k-1' };

test.each([
  ['the usual header', authentication, 'X-API-Key'],
  ['a header of its own', { ...authentication, header: 'Ocp-Apim-Subscription-Key' }, 'Ocp-Apim-Subscription-Key'],
])('lets our client in with a key in %s', async (_name, asked, header) => {
  const sandbox = await sandboxes.start({ authentication: asked });
  const api = sandbox.api({ auth: { kind: 'api-key', header, key: 'k-1' } });
  expect((await api.createLead(person, call())).outcome.kind).toBe('answered');
  const stranger = sandbox.api({ auth: { kind: 'api-key', header, key: 'k-2' } });
  expect((await stranger.createLead(person, call())).outcome).toEqual({
    kind: 'halted',
    code: 'API_HALTED_CREDENTIALS',
  });
});

test.each([
  ['no key', {}, 'The key is missing: send it as X-API-Key.'],
  ['an empty key', { 'x-api-key': '' }, 'The key is missing: send it as X-API-Key.'],
  ['another key', { 'x-api-key': 'k-12' }, 'The key is wrong.'],
])('answers 401 and a challenge to %s', async (_name, headers, message) => {
  const sandbox = await sandboxes.start({ authentication });
  const answer = await sandbox.post('/client-data', { nif: person.dni }, headers);
  expect([answer.status, await answer.json()]).toEqual([401, { message }]);
  expect(answer.headers.get('www-authenticate')).toBe('ApiKey realm="Leads Contract API", header="X-API-Key"');
});

test('answers 403 to a known key at an endpoint that it may not call', async () => {
  const sandbox = await sandboxes.start({ authentication: { ...authentication, mayCall: ['clientData'] } });
  const answer = await sandbox.post('/alta-lead', personBody, { 'x-api-key': 'k-1' });
  expect(answer.status).toBe(403);
});
