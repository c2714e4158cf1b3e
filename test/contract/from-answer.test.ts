import { describe, expect, test } from 'vitest';
import { fromAltaLead, fromClientData, fromUpdateLead } from '../../src/contract/leads-1.2.5/from-answer.ts';

const incomplete = { kind: 'incomplete', mismatch: false };
const mismatch = { kind: 'incomplete', mismatch: true };
const unrecognised = { kind: 'unrecognised' };
const quota = { fault: { faultstring: 'Rate limit', detail: { errorcode: 'policies.ratelimit.QuotaViolation' } } };

describe('client data', () => {
  const asked = { httpStatus: 200, nif: '12345678Z' };
  const full = {
    status: 'OK',
    nif: '12345678Z',
    client: true,
    partnerManage: true,
    agentId: '0051245',
    multiAcceso: false,
  };
  const read = { client: true, partnerManage: true, agentId: '0051245', multiAcceso: false, reference: null };

  test('reads an answer', () => {
    expect(fromClientData({ ...full, reference: 'R1' }, asked)).toEqual({
      kind: 'answer',
      answer: { ...read, reference: 'R1' },
    });
  });

  test('reads it from text and numbers as well', () => {
    const loose = { status: 'ok', client: 'true', partnerManage: 'TRUE', agentId: 51_245, multiAcceso: ' false ' };
    expect(fromClientData(loose, asked)).toEqual({ kind: 'answer', answer: read });
  });

  test('lets KO win over every other field', () => {
    expect(fromClientData({ ...full, status: 'KO', message: 'down' }, asked)).toEqual({ kind: 'ko', message: 'down' });
    expect(fromClientData({ ...full, status: 'KO', nif: 'other' }, asked)).toEqual({ kind: 'ko', message: null });
  });

  test.each(['12.345.678-z', '012345678Z', ' 12345678z'])('takes %s for the NIF that was asked', (nif) => {
    expect(fromClientData({ ...full, nif }, asked).kind).toBe('answer');
  });

  test('does not take an answer about another NIF', () => {
    expect(fromClientData({ ...full, nif: '87654321X' }, asked)).toEqual(mismatch);
  });

  test('takes partnerManage false without a readable client', () => {
    expect(fromClientData({ status: 'OK', partnerManage: false }, asked)).toMatchObject({
      kind: 'answer',
      answer: { client: false, partnerManage: false },
    });
  });

  test.each([
    ['no status', { ...full, status: undefined }],
    ['another status', { ...full, status: 'MAYBE' }],
    ['no partnerManage', { ...full, partnerManage: null }],
    ['an unreadable partnerManage', { ...full, partnerManage: 'quizás' }],
    ['no client where the partner manages', { ...full, client: '' }],
    ['an unreadable agent', { ...full, agentId: 'A51245' }],
    ['a message alone', { message: 'OK' }],
    ['nothing', {}],
  ])('is incomplete with %s', (_name, body) => {
    expect(fromClientData(body, asked)).toEqual(incomplete);
  });

  test.each([null, '', 0, '0000000'])('takes agent %j for none', (agentId) => {
    expect(fromClientData({ ...full, agentId }, asked)).toEqual({ kind: 'answer', answer: { ...read, agentId: null } });
  });
});

describe('alta lead', () => {
  const asked = { httpStatus: 200 };

  test('reads an answer', () => {
    expect(fromAltaLead({ leadId: ' 4711 ', idLanding: 'L1', message: 'OK' }, asked)).toEqual({
      kind: 'answer',
      answer: { leadId: '4711', idLanding: 'L1', message: 'OK', ko: false },
    });
    expect(fromAltaLead({ leadId: 4711 }, asked)).toMatchObject({ answer: { leadId: '4711', idLanding: null } });
  });

  test.each([
    ['a KO', { leadId: '1', status: 'KO' }, 200],
    ['an error status', { leadId: '1', message: 'late' }, 500],
  ])('takes a leadId with %s beside it for a lead and an alarm', (_name, body, httpStatus) => {
    expect(fromAltaLead(body, { httpStatus })).toMatchObject({ kind: 'answer', answer: { leadId: '1', ko: true } });
  });

  // The last two: bytes that were no UTF-8, and longer than the ledger's index takes.
  test.each([
    null,
    '',
    ' ',
    'null',
    'undefined',
    '0',
    0,
    '-1',
    'two words',
    true,
    {},
    ['1'],
    1.5,
    2 ** 60,
    '47\uFFFD1',
    '1'.repeat(256),
  ])('does not take %j for a leadId', (leadId) => {
    expect(fromAltaLead({ leadId, message: 'OK' }, asked)).toEqual(incomplete);
  });

  test('never takes a message with a 200 for a refusal, whatever it says', () => {
    expect(fromAltaLead({ message: 'ERROR: not created' }, asked)).toEqual(incomplete);
  });

  test('recognises KO, refusal and gateway without a leadId', () => {
    expect(fromAltaLead({ status: 'KO', message: 'no' }, asked)).toEqual({ kind: 'ko', message: 'no' });
    expect(fromAltaLead({ message: 'bad' }, { httpStatus: 422 })).toEqual({ kind: 'refusal', message: 'bad' });
    expect(fromAltaLead(quota, { httpStatus: 500 })).toEqual({
      kind: 'gateway',
      errorcode: 'policies.ratelimit.QuotaViolation',
    });
  });

  test.each([
    ['a 5xx with a message', { message: 'Internal error' }, 500],
    ['a framework without such a route', { message: 'Route not found', error: 'Not Found', statusCode: 404 }, 404],
    ['a message that is no text', { message: { text: 'bad' } }, 422],
    ['no object', ['leadId'], 200],
    ['no JSON', undefined, 200],
    ['null', null, 200],
    ['text', 'leadId', 200],
    ['another shape', { ok: true }, 200],
  ])('does not recognise %s', (_name, body, httpStatus) => {
    expect(fromAltaLead(body, { httpStatus })).toEqual(unrecognised);
  });
});

describe('update lead', () => {
  const asked = { httpStatus: 200, leadId: '4711' };

  test('reads an answer that names the lead that was sent', () => {
    expect(fromUpdateLead({ leadId: 4711, message: 'OK' }, asked)).toEqual({
      kind: 'answer',
      answer: { leadId: '4711', message: 'OK' },
    });
  });

  test('does not take an answer about another lead, or about none', () => {
    expect(fromUpdateLead({ leadId: '4712' }, asked)).toEqual(mismatch);
    expect(fromUpdateLead({ message: 'OK' }, asked)).toEqual(incomplete);
  });

  test('recognises KO and a refusal, though they repeat the leadId', () => {
    expect(fromUpdateLead({ status: 'KO', leadId: '4711' }, asked)).toEqual({ kind: 'ko', message: null });
    expect(fromUpdateLead({ leadId: '4711', message: 'unknown' }, { ...asked, httpStatus: 404 })).toEqual({
      kind: 'refusal',
      message: 'unknown',
    });
  });
});
