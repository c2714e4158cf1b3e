import { beforeEach, describe, expect, test } from 'vitest';
import type { LeadsApi } from '../../src/app/ports/leads-api.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { SandboxState } from '../../src/sandbox/state.ts';
import { call, lead } from '../adapters/leads-api/api-under-test.ts';
import { person, useSandboxes } from './sandbox-under-test.ts';
import type { SandboxUnderTest } from './sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox');
let sandbox: SandboxUnderTest;
let api: LeadsApi;

beforeEach(async () => {
  sandbox = await sandboxes.start();
  api = sandbox.api();
});

async function state(): Promise<SandboxState> {
  return (await (await fetch(`${sandbox.url}/__sandbox/state`)).json()) as SandboxState;
}

describe('with our own client', () => {
  test('checks, creates and updates a lead', async () => {
    expect((await api.checkClient('12345646M', call())).outcome).toEqual({
      kind: 'answered',
      answer: { client: true, partnerManage: true, agentId: '0051246', multiAcceso: true, reference: 'WS-46' },
    });
    const created = await api.createLead(
      { ...lead, dni: '12345646M', agenteId: '0051246', partnerLeadId: 'journey' },
      call({ attemptId: 'a-journey', idempotencyKey: 'ls-journey' }),
    );
    if (created.outcome.kind !== 'answered') throw new Error(created.outcome.kind);
    const { leadId, idLanding } = created.outcome.answer;
    expect(idLanding).toBe(`LANDING-${leadId}`);
    for (const estado of ['5', '7', '5']) {
      const { outcome } = await api.updateLead({ leadId, estado, observacion: `estado ${estado}` }, call());
      expect(outcome).toEqual({ kind: 'answered', answer: { leadId, message: 'OK' } });
    }
    const { leads, updates } = await state();
    expect(leads.find((one) => one.leadId === leadId)).toEqual({
      leadId,
      partnerLeadId: 'journey',
      estado: '5',
      requestId: 'a-journey',
      idempotencyKey: 'ls-journey',
    });
    expect(updates.filter((one) => one.leadId === leadId).map((one) => one.estado)).toEqual(['5', '7', '5']);
  });

  test('answers KO for a NIF of which it is said', async () => {
    expect((await api.checkClient('12345699P', call())).outcome).toMatchObject({
      kind: 'inconclusive',
      code: 'API_KO',
    });
  });

  test('refuses an update of a lead that it does not know', async () => {
    const { outcome } = await api.updateLead({ leadId: 'L-0', estado: '5', observacion: 'x' }, call());
    expect(outcome).toEqual({ kind: 'refused', code: 'API_REFUSED', message: 'Refused: leadId is not known.' });
  });

  test('understands a form', async () => {
    const form = sandbox.api({ body: 'form' });
    expect((await form.createLead({ ...person, partnerLeadId: 'form' }, call())).outcome).toMatchObject({
      kind: 'answered',
    });
  });

  test('halts on a path that it does not have', async () => {
    const lost = sandbox.api({ url: `${sandbox.url}/v2` });
    expect((await lost.createLead(person, call())).outcome).toEqual({ kind: 'halted', code: 'API_HALTED_PATH' });
  });

  test('gives 200 leads at once 200 leadIds', async () => {
    const patient = sandbox.api({ timeoutMs: 30_000 });
    const results = await Promise.all(Array.from({ length: 200 }, () => patient.createLead(person, call())));
    const ids = results.map(({ outcome }) => (outcome.kind === 'answered' ? outcome.answer.leadId : outcome.kind));
    expect(new Set(ids).size).toBe(200);
    expect(ids.every((id) => /^\d{8}$/.test(id))).toBe(true);
  });

  test('creates a lead again when it is asked again, as the real API does', async () => {
    const again = call();
    await api.createLead({ ...person, partnerLeadId: 'twice' }, again);
    await api.createLead({ ...person, partnerLeadId: 'twice' }, again);
    expect(await sandboxes.leadsCreated('twice')).toBe(2);
  });
});

describe('strict', () => {
  test('names every wrong field, and marks its answers', async () => {
    const answer = await sandbox.post('/alta-lead', {
      acceptTerms: true,
      agenteId: '51245',
      email: 'x'.repeat(51),
      name: 'Ana',
    });
    expect(answer.status).toBe(422);
    expect(answer.headers.get('x-leads-sandbox')).toBe('1');
    const { message, errors } = (await answer.json()) as { message: string; errors: { field: string }[] };
    expect(errors.map((one) => one.field).toSorted()).toEqual(['agenteId', 'email', 'motivoLlamada', 'phone']);
    expect(message).toContain('phone is required');
  });

  test.each([
    ['another agent than the client has', { dni: '12345646M', agenteId: '0000001' }, 'agenteId'],
    ['a client who is not managed by the partner', { dni: '12345648Y' }, 'dni'],
    ['a client without an agent', { dni: '12345698F' }, 'dni'],
  ])('refuses %s', async (_name, part, field) => {
    const answer = await sandbox.post('/alta-lead', { ...lead, acceptTerms: true, ...part });
    expect(await answer.json()).toMatchObject({ errors: [{ field }] });
  });

  test.each([{}, { nif: '' }, { nif: 'nobody' }])('refuses to look up %j', async (body) => {
    const answer = await sandbox.post('/client-data', body);
    expect([answer.status, await answer.json()]).toMatchObject([422, { errors: [{ field: 'nif' }] }]);
  });

  test('refuses an update without its fields', async () => {
    const answer = await sandbox.post('/update-lead', { leadId: 'x', estado: 'closed' });
    const { errors } = (await answer.json()) as { errors: { field: string }[] };
    expect(errors.map((one) => one.field).toSorted()).toEqual(['estado', 'observacion']);
  });
});

test('marks every answer', async () => {
  const asJson = { 'content-type': 'application/json' };
  const answers = await Promise.all([
    sandbox.post('/alta-lead', { ...person, acceptTerms: true }),
    fetch(`${sandbox.url}/alta-lead`, { method: 'POST', headers: asJson, body: '{"dni":' }),
    fetch(`${sandbox.url}/alta-lead`, { method: 'POST', headers: asJson, body: JSON.stringify('x'.repeat(70_000)) }),
    fetch(`${sandbox.url}/nowhere`),
    fetch(`${sandbox.url}/docs`),
    fetch(`${sandbox.url}/openapi.json`),
    fetch(`${sandbox.url}/__sandbox/state`),
  ]);
  expect(answers.map(({ status, headers }) => [status, headers.get('x-leads-sandbox')])).toEqual(
    [200, 400, 413, 404, 200, 200, 200].map((status) => [status, '1']),
  );
});

test('shows pages that nobody may frame and that load nothing from outside', async () => {
  for (const path of ['/docs', '/ficha-gestion', '/openapi.json']) {
    const { headers } = await fetch(sandbox.url + path);
    expect(headers.get('content-security-policy'), path).toMatch(/default-src '(self|none)'.*frame-ancestors 'none'/);
    expect(headers.get('x-content-type-options'), path).toBe('nosniff');
  }
});

test('keeps what it knows when it is started again, beside another one', async () => {
  await api.createLead({ ...person, partnerLeadId: 'kept' }, call());
  const others = await Promise.all([0, 0, 0].map((port) => sandboxes.start({ port })));
  const answer = await fetch(`${others[0]?.url}/__sandbox/state`);
  expect(JSON.stringify(await answer.json())).toContain('"kept"');
});

test('listens on loopback only without an authentication', async () => {
  await expect(startSandbox({ databaseUrl: sandboxes.databaseUrl, port: 0, host: '0.0.0.0' })).rejects.toThrow(
    /loopback/,
  );
});

test('can be closed twice', async () => {
  const other = await startSandbox({ databaseUrl: sandboxes.databaseUrl, port: 0 });
  await Promise.all([other.close(), other.close()]);
  await expect(fetch(other.url)).rejects.toThrow();
});
