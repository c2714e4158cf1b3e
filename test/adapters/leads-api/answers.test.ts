import { afterEach, describe, expect, test } from 'vitest';
import type { LeadsApi } from '../../../src/app/ports/leads-api.ts';
import type { LeadsApiOptions } from '../../../src/adapters/leads-api/leads-api-client.ts';
import { apiAt, call, lead, update } from './api-under-test.ts';
import { answer, json, startRawServer } from './raw-server.ts';
import type { RawServer } from './raw-server.ts';

let server: RawServer;
let api: LeadsApi;

async function answering(text: string, options: Partial<LeadsApiOptions> = {}, path = ''): Promise<void> {
  server = await startRawServer((socket) => socket.write(text));
  api = apiAt(server.url + path, options);
}

afterEach(async () => {
  await api.close();
  await server.close();
});

test('does not follow a redirect', async () => {
  const elsewhere = await startRawServer((socket) => socket.write(json({ leadId: '1' })));
  await answering(answer(307, '', { location: `${elsewhere.url}/alta-lead` }));
  expect((await api.createLead(lead, call())).outcome).toEqual({ kind: 'halted', code: 'API_HALTED_REDIRECT' });
  expect(elsewhere.connections()).toBe(0);
  await elsewhere.close();
});

test('keeps every digit of a long leadId', async () => {
  await answering(answer(200, '{"leadId":12345678901234567890,"message":"ana@example.com"}'));
  expect((await api.createLead(lead, call())).outcome).toMatchObject({
    answer: { leadId: '12345678901234567890', message: '[e-mail]' },
  });
});

describe('client data', () => {
  test('reads the answer', async () => {
    await answering(
      json({
        status: 'OK',
        nif: '12345678Z',
        client: 'true',
        partnerManage: true,
        agentId: 51_245,
        multiAcceso: 'false',
      }),
    );
    expect(await api.checkClient('12345678Z', call())).toEqual({
      outcome: {
        kind: 'answered',
        answer: { client: true, partnerManage: true, agentId: '0051245', multiAcceso: false, reference: null },
      },
      evidence: 'response_complete',
      httpStatus: 200,
    });
  });

  test.each([
    [{ status: 'KO', partnerManage: true, client: false }, 'API_KO'],
    [{ status: 'OK', client: true }, 'API_ANSWER_INCOMPLETE'],
    [{ status: 'OK', nif: '87654321X', client: true, partnerManage: true }, 'API_ANSWER_MISMATCH'],
  ])('%j is inconclusive', async (body, code) => {
    await answering(json(body));
    expect((await api.checkClient('12345678Z', call())).outcome).toMatchObject({ kind: 'inconclusive', code });
  });

  test('without an answer may be asked again', async () => {
    await answering(answer(502, ''));
    expect((await api.checkClient('12345678Z', call())).outcome).toEqual({
      kind: 'ambiguous',
      code: 'API_UNAVAILABLE',
    });
  });
});

describe('update lead', () => {
  test('is answered by the leadId that was sent', async () => {
    await answering(json({ leadId: 4711, message: 'OK' }));
    expect((await api.updateLead(update, call())).outcome).toEqual({
      kind: 'answered',
      answer: { leadId: '4711', message: 'OK' },
    });
  });

  test('is in doubt about another leadId', async () => {
    await answering(json({ leadId: '1' }));
    expect((await api.updateLead(update, call())).outcome).toEqual({ kind: 'ambiguous', code: 'API_ANSWER_MISMATCH' });
  });
});

describe('the request', () => {
  const ok = json({ leadId: '4711' });

  test('is JSON with its ids and our name', async () => {
    await answering(ok, { headers: { 'X-Request-ID': 'configured', 'X-Tenant': 'acme' } }, '/leads/v1/');
    await api.createLead({ ...lead, email: '' }, call({ attemptId: 'a-1', idempotencyKey: 'ls-1' }));
    const [head, body] = server.requests[0]?.split('\r\n\r\n') ?? [];
    expect(head?.split('\r\n')[0]).toBe('POST /leads/v1/alta-lead HTTP/1.1');
    expect(head).toMatch(/^x-request-id: a-1$/m);
    expect(head).toMatch(/^idempotency-key: ls-1$/m);
    expect(head).toMatch(/^user-agent: leadsync\/test$/m);
    // Without it any compression would be welcome.
    expect(head).toMatch(/^accept-encoding: identity$/m);
    expect(head).toMatch(/^x-tenant: acme$/m);
    expect(head).not.toContain('configured');
    expect(JSON.parse(body ?? '')).toEqual({ ...lead, acceptTerms: true });
  });

  test.each([
    ['national', '600000001'],
    ['e164', '+34600000001'],
  ] as const)('writes a phone in the %s form', async (phoneFormat, phone) => {
    await answering(ok, { phoneFormat });
    await api.createLead(lead, call());
    expect(server.requests[0]).toContain(`"phone":"${phone}"`);
  });

  test('is a form where the deployment wants one', async () => {
    await answering(ok, { body: 'form' });
    await api.updateLead({ ...update, observacion: 'sí & no' }, call());
    expect(server.requests[0]).toContain('content-type: application/x-www-form-urlencoded');
    expect(server.requests[0]).toMatch(/estado=20&leadId=4711&observacion=s%C3%AD\+%26\+no$/);
  });

  test('puts the NIF and the leadId where the paths have a place for them', async () => {
    await answering(ok, {
      endpoints: {
        clientData: { method: 'GET', path: '/clients/{nif}' },
        altaLead: { method: 'POST', path: '/leads' },
        updateLead: { method: 'PUT', path: '/leads/{leadId}/status' },
      },
    });
    await api.checkClient('12345678Z', call());
    await api.updateLead({ ...update, leadId: '47/11' }, call());
    expect(server.requests.map((request) => request.split(' HTTP/')[0])).toEqual([
      'GET /clients/12345678Z',
      'PUT /leads/47%2F11/status',
    ]);
  });

  test('puts what has no place of a GET into the query', async () => {
    await answering(ok, {
      endpoints: {
        clientData: { method: 'get', path: '/client-data' },
        altaLead: { method: 'POST', path: '/leads' },
        updateLead: { method: 'POST', path: '/leads' },
      },
    });
    await api.checkClient('12345678Z', call());
    expect(server.requests[0]).toMatch(/^GET \/client-data\?nif=12345678Z HTTP/);
  });
});
