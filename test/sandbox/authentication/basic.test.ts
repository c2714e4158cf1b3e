import { expect, test } from 'vitest';
import type { BasicAuthentication } from '../../../src/sandbox/authentication/sandbox-authentication.ts';
import { call } from '../../adapters/leads-api/api-under-test.ts';
import { person, personBody, useSandboxes } from '../sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox basic');
const authentication: BasicAuthentication = { kind: 'basic', clientId: 'leadsync', clientSecret: 'pä:ss' };
const basicOf = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

test('lets our client in, at all three endpoints', async () => {
  const sandbox = await sandboxes.start({ authentication });
  const api = sandbox.api({ auth: { kind: 'basic', user: 'leadsync', password: 'pä:ss' } });
  expect((await api.checkClient(person.dni, call())).outcome.kind).toBe('answered');
  const { outcome } = await api.createLead(person, call());
  if (outcome.kind !== 'answered') throw new Error(outcome.kind);
  const update = { leadId: outcome.answer.leadId, estado: '5', observacion: 'x' };
  expect((await api.updateLead(update, call())).outcome.kind).toBe('answered');
});

test('halts our client with a wrong password, and does nothing', async () => {
  const sandbox = await sandboxes.start({ authentication });
  const api = sandbox.api({ auth: { kind: 'basic', user: 'leadsync', password: 'no' } });
  const { outcome } = await api.createLead({ ...person, partnerLeadId: 'outside' }, call());
  expect(outcome).toEqual({ kind: 'halted', code: 'API_HALTED_CREDENTIALS' });
  expect(await sandboxes.leadsCreated('outside')).toBe(0);
});

test.each([
  ['nothing', undefined],
  ['another user', basicOf('somebody', 'pä:ss')],
  ['another password', basicOf('leadsync', 'pä:s')],
  ['no password', basicOf('leadsync', '')],
  ['what is no Base64', 'Basic ****'],
  ['what has no colon', `Basic ${Buffer.from('leadsync').toString('base64')}`],
  ['a bearer token', 'Bearer abc'],
])('answers 401 and a challenge to %s', async (_name, authorization) => {
  const sandbox = await sandboxes.start({ authentication });
  const answer = await sandbox.post('/alta-lead', personBody, authorization === undefined ? {} : { authorization });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Leads Contract API", charset="UTF-8"');
  expect(answer.headers.get('x-leads-sandbox')).toBe('1');
  expect(await answer.json()).toEqual({ message: expect.stringContaining('Client id') });
});

test('answers 403 to a known client at an endpoint that it may not call', async () => {
  const sandbox = await sandboxes.start({ authentication: { ...authentication, mayCall: ['clientData'] } });
  const api = sandbox.api({ auth: { kind: 'basic', user: 'leadsync', password: 'pä:ss' } });
  expect((await api.checkClient(person.dni, call())).outcome.kind).toBe('answered');
  const headers = { authorization: basicOf('leadsync', 'pä:ss') };
  const refused = await sandbox.post('/alta-lead', personBody, headers);
  expect([refused.status, await refused.json()]).toEqual([
    403,
    { message: 'This client is not permitted to call this endpoint.' },
  ]);
  expect((await sandbox.post('/alta-lead', personBody)).status).toBe(401);
});

test('who is not let in meets no fault', async () => {
  const sandbox = await sandboxes.start({ authentication, faults: [{ effect: 'http_500' }] });
  expect((await sandbox.post('/alta-lead', personBody)).status).toBe(401);
  expect(await sandbox.faultsNow()).toMatchObject({ faults: [{ met: 0 }] });
});
