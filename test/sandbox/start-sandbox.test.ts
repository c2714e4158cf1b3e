import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LeadsApi } from '../../src/app/ports/leads-api.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import type { Sandbox } from '../../src/sandbox/start-sandbox.ts';
import type { OrderedFault } from '../../src/sandbox/faults/faults.ts';
import type { SandboxState } from '../../src/sandbox/state.ts';
import { apiAt, call, lead } from '../adapters/leads-api/api-under-test.ts';
import { createTestDatabase } from '../support/database.ts';

let database: { readonly url: string; drop(): Promise<void> };
let sandbox: Sandbox;
let api: LeadsApi;

beforeAll(async () => {
  database = await createTestDatabase('sandbox');
});

afterAll(() => database.drop());

beforeEach(async () => {
  sandbox = await startSandbox({ databaseUrl: database.url, port: 0 });
  api = apiAt(sandbox.url, { timeoutMs: 1_000, connections: 20 });
});

afterEach(async () => {
  await sandbox.close();
  await api.close();
});

/** Of a prospect whom the partner manages. */
const dni = '12345601X';
const person = { ...lead, dni };

const post = (path: string, body: unknown) =>
  fetch(sandbox.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function state(): Promise<SandboxState> {
  return (await (await fetch(`${sandbox.url}/__sandbox/state`)).json()) as SandboxState;
}

async function order(faults: readonly OrderedFault[]): Promise<void> {
  const answer = await fetch(`${sandbox.url}/__sandbox/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ faults }),
  });
  expect(answer.status).toBe(204);
}

async function leadsCreated(partnerLeadId: string): Promise<number> {
  return (await state()).leads.filter((one) => one.partnerLeadId === partnerLeadId).length;
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
    const form = apiAt(sandbox.url, { body: 'form' });
    expect((await form.createLead({ ...person, partnerLeadId: 'form' }, call())).outcome).toMatchObject({
      kind: 'answered',
    });
    await form.close();
  });

  test('halts on a path that it does not have', async () => {
    const lost = apiAt(`${sandbox.url}/v2`);
    expect((await lost.createLead(person, call())).outcome).toEqual({ kind: 'halted', code: 'API_HALTED_PATH' });
    await lost.close();
  });

  test('gives 200 leads at once 200 leadIds', async () => {
    const results = await Promise.all(Array.from({ length: 200 }, () => api.createLead(person, call())));
    const ids = results.map(({ outcome }) => (outcome.kind === 'answered' ? outcome.answer.leadId : outcome.kind));
    expect(new Set(ids).size).toBe(200);
    expect(ids.every((id) => /^\d{8}$/.test(id))).toBe(true);
  });

  test('creates a lead again when it is asked again, as the real API does', async () => {
    const again = call();
    await api.createLead({ ...person, partnerLeadId: 'twice' }, again);
    await api.createLead({ ...person, partnerLeadId: 'twice' }, again);
    expect(await leadsCreated('twice')).toBe(2);
  });
});

describe('strict', () => {
  test('names every wrong field, and marks its answers', async () => {
    const answer = await post('/alta-lead', {
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
    const answer = await post('/alta-lead', { ...lead, acceptTerms: true, ...part });
    expect(await answer.json()).toMatchObject({ errors: [{ field }] });
  });

  test.each([{}, { nif: '' }, { nif: 'nobody' }])('refuses to look up %j', async (body) => {
    const answer = await post('/client-data', body);
    expect([answer.status, await answer.json()]).toMatchObject([422, { errors: [{ field: 'nif' }] }]);
  });

  test('refuses an update without its fields', async () => {
    const answer = await post('/update-lead', { leadId: 'x', estado: 'closed' });
    const { errors } = (await answer.json()) as { errors: { field: string }[] };
    expect(errors.map((one) => one.field).toSorted()).toEqual(['estado', 'observacion']);
  });
});

describe('faults', () => {
  test('drops the connection after the lead is created', async () => {
    await order([{ endpoint: 'altaLead', partnerLeadId: 'dropped', effect: 'drop_after_effect' }]);
    const { outcome } = await api.createLead({ ...person, partnerLeadId: 'dropped' }, call());
    expect(outcome).toEqual({ kind: 'ambiguous', code: 'API_NO_ANSWER' });
    expect(await leadsCreated('dropped')).toBe(1);
    expect((await api.createLead(person, call())).outcome).toMatchObject({ kind: 'answered' });
  });

  test.each([
    ['reset_before_effect', { kind: 'ambiguous', code: 'API_NO_ANSWER' }],
    ['http_500', { kind: 'ambiguous', code: 'API_NO_ANSWER' }],
    ['hang', { kind: 'ambiguous', code: 'API_NO_ANSWER' }],
    ['ko', { kind: 'refused', code: 'API_REFUSED', message: 'Incident' }],
    ['retry_after', { kind: 'try_later', code: 'API_TRY_LATER', afterMs: 3_000 }],
    ['unauthorized', { kind: 'halted', code: 'API_HALTED_CREDENTIALS' }],
  ] as const)('%s creates nothing', async (effect, outcome) => {
    await order([{ endpoint: 'altaLead', partnerLeadId: effect, effect, retryAfterSeconds: 3 }]);
    expect((await api.createLead({ ...person, partnerLeadId: effect }, call())).outcome).toEqual(outcome);
    expect(await leadsCreated(effect)).toBe(0);
  });

  test('strikes the nth matching call, as many times as ordered', async () => {
    await order([{ endpoint: 'clientData', nif: dni, nth: 2, times: 2, effect: 'ko' }]);
    const kinds: string[] = [];
    for (const nif of [dni, '12345602B', dni, dni, dni]) {
      kinds.push((await api.checkClient(nif, call())).outcome.kind);
    }
    expect(kinds).toEqual(['answered', 'answered', 'inconclusive', 'inconclusive', 'answered']);
  });

  test("strikes an update by its lead's partnerLeadId", async () => {
    const { outcome } = await api.createLead({ ...person, partnerLeadId: 'updated' }, call());
    if (outcome.kind !== 'answered') throw new Error(outcome.kind);
    const update = { leadId: outcome.answer.leadId, estado: '5', observacion: 'x' };
    await order([{ endpoint: 'updateLead', partnerLeadId: 'updated', times: 0, effect: 'http_500' }]);
    expect((await api.updateLead(update, call())).outcome.kind).toBe('ambiguous');
    expect((await api.updateLead(update, call())).outcome.kind).toBe('ambiguous');
    await order([]);
    expect((await api.updateLead(update, call())).outcome.kind).toBe('answered');
  });

  test('refuses an order that it does not understand', async () => {
    const answer = await fetch(`${sandbox.url}/__sandbox/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ faults: [{ endpoint: 'altaLead', effect: 'explode' }] }),
    });
    expect(answer.status).toBe(422);
  });
});

test('keeps what it knows when it is started again, beside another one', async () => {
  await api.createLead({ ...person, partnerLeadId: 'kept' }, call());
  const others = await Promise.all([0, 0, 0].map((port) => startSandbox({ databaseUrl: database.url, port })));
  const answer = await fetch(`${others[0]?.url}/__sandbox/state`);
  expect(JSON.stringify(await answer.json())).toContain('"kept"');
  for (const other of others) await other.close();
});

test('listens on loopback only', async () => {
  await expect(startSandbox({ databaseUrl: database.url, port: 0, host: '0.0.0.0' })).rejects.toThrow(/loopback/);
});
