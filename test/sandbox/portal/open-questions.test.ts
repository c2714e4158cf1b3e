import { beforeEach, describe, expect, test } from 'vitest';
import { personBody, useSandboxes } from '../sandbox-under-test.ts';
import type { SandboxUnderTest } from '../sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox open questions');
let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await sandboxes.start();
});

type Body = Readonly<Record<string, unknown>>;

async function answerTo(path: string, body: Body, headers?: Readonly<Record<string, string>>) {
  const answer = await sandbox.post(path, body, headers);
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

const { dni, ...withoutDni } = personBody;

describe('where the specification is silent, the sandbox does what its page says', () => {
  test.each<[string, Body]>([
    ['without a dni', withoutDni],
    ['that was not asked about', { ...personBody, dni: '12345602B' }],
    ['whose dni has no form of a NIF', { ...personBody, dni: 'A-1' }],
    ['with acceptTerms false', { ...personBody, acceptTerms: false }],
    ['with acceptTerms as text', { ...personBody, acceptTerms: 'true' }],
    ['with a field that nobody knows', { ...personBody, colour: 'blue' }],
    ['with a leadOrigin that is not listed', { ...personBody, leadOrigin: 'pigeon' }],
    ['with an empty tresAgentes', { ...personBody, tresAgentes: '' }],
    ['with fifty emoji for a name', { ...personBody, name: '🙂'.repeat(50) }],
    ['of no client, with an agent of its own', { ...personBody, dni: '12345645G', agenteId: '0000001' }],
  ])('creates a lead %s', async (_which, body) => {
    const { status, body: said } = await answerTo('/alta-lead', body);
    expect(status).toBe(200);
    expect(said['leadId']).toMatch(/^\d{8}$/);
  });

  test.each<[string, Body]>([
    ['with something in tresAgentes', { ...personBody, tresAgentes: 'x' }],
    ['with a name of 51 characters', { ...personBody, name: 'ñ'.repeat(51) }],
    ['with an agent of six digits', { ...personBody, agenteId: '051245' }],
  ])('refuses a lead %s', async (_which, body) => {
    expect((await answerTo('/alta-lead', body)).status).toBe(422);
  });

  test('creates one more lead with each repetition, whatever the key', async () => {
    const headers = { 'idempotency-key': 'k-1', 'x-request-id': 'r-1' };
    const ids = [];
    for (let count = 0; count < 2; count += 1) {
      ids.push((await answerTo('/alta-lead', { ...personBody, partnerLeadId: 'again' }, headers)).body['leadId']);
    }
    expect(Number(ids[1])).toBe(Number(ids[0]) + 1);
    expect(await sandboxes.leadsCreated('again')).toBe(2);
  });

  test('answers the idLanding that was sent, else one of its own', async () => {
    const { body: own } = await answerTo('/alta-lead', personBody);
    expect(own['idLanding']).toBe(`LANDING-${own['leadId']}`);
    expect((await answerTo('/alta-lead', { ...personBody, idLanding: 'L-7' })).body['idLanding']).toBe('L-7');
  });

  test.each([dni, dni.toLowerCase(), '12345601A', 'X1234501L', 'B12345601'])('knows %s for a NIF', async (nif) => {
    expect(await answerTo('/client-data', { nif })).toMatchObject({
      status: 200,
      body: { status: 'OK', reference: 'WS-01', nif },
    });
  });

  test.each(['12.345.601-X', '1234501X', ''])('takes %j for no NIF', async (nif) => {
    expect((await answerTo('/client-data', { nif })).status).toBe(422);
  });

  test('takes an estado as a number, and one after the 20', async () => {
    const { leadId } = (await answerTo('/alta-lead', personBody)).body;
    for (const estado of [20, '5']) {
      expect(await answerTo('/update-lead', { leadId, estado, observacion: 'x' })).toEqual({
        status: 200,
        body: { leadId, message: 'OK' },
      });
    }
  });

  test('refuses an unknown leadId', async () => {
    expect(await answerTo('/update-lead', { leadId: '1', estado: '5', observacion: 'x' })).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('leadId is not known') },
    });
  });
});
