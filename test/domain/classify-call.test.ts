import { describe, expect, test } from 'vitest';
import type { CallEnd, Endpoint, RecognisedBody } from '../../src/domain/call-outcome.ts';
import { classifyCall } from '../../src/domain/classify-call.ts';

type Answer = { readonly said: string };

const unrecognised: RecognisedBody<Answer> = { kind: 'unrecognised' };
const answer: RecognisedBody<Answer> = { kind: 'answer', answer: { said: 'yes' } };
const ko: RecognisedBody<Answer> = { kind: 'ko', message: 'down for 12345678Z' };
const refusal: RecognisedBody<Answer> = { kind: 'refusal', message: 'bad' };
const incomplete: RecognisedBody<Answer> = { kind: 'incomplete', mismatch: false };
const mismatch: RecognisedBody<Answer> = { kind: 'incomplete', mismatch: true };
const gateway = (errorcode: string): RecognisedBody<Answer> => ({ kind: 'gateway', errorcode });

const alta: CallEnd<Answer> = {
  endpoint: 'altaLead',
  evidence: 'response_complete',
  httpStatus: 200,
  retryAfterMs: null,
  body: unrecognised,
  certificate: false,
  withheld: false,
};
const check: CallEnd<Answer> = { ...alta, endpoint: 'clientData' };
const update: CallEnd<Answer> = { ...alta, endpoint: 'updateLead' };
const everyEndpoint: readonly Endpoint[] = ['clientData', 'altaLead', 'updateLead'];
const doubt = (endpoint: Endpoint) => ({
  kind: 'ambiguous',
  code: endpoint === 'altaLead' ? 'API_NO_ANSWER' : 'API_UNAVAILABLE',
});

describe('never written', () => {
  const unsent: CallEnd<Answer> = { ...alta, evidence: 'never_written', httpStatus: null };

  test('is not sent', () => {
    expect(classifyCall(unsent)).toEqual({ kind: 'not_sent', code: 'API_NOT_SENT', withheld: false });
    expect(classifyCall({ ...unsent, httpStatus: 503 })).toMatchObject({ kind: 'not_sent' });
  });

  test('is withheld where we kept it', () => {
    expect(classifyCall({ ...unsent, withheld: true })).toEqual({
      kind: 'not_sent',
      code: 'API_NOT_SENT',
      withheld: true,
    });
  });

  test('halts on a certificate', () => {
    expect(classifyCall({ ...unsent, certificate: true })).toEqual({ kind: 'halted', code: 'API_HALTED_CERTIFICATE' });
  });

  test.each([400, 401, 403, 407])('halts where the token endpoint says %d', (httpStatus) => {
    expect(classifyCall({ ...unsent, httpStatus })).toEqual({ kind: 'halted', code: 'API_HALTED_CREDENTIALS' });
  });
});

describe.each(everyEndpoint)('%s', (endpoint) => {
  const end = { ...alta, endpoint };

  test.each(['maybe_written', 'response_started'] as const)('is ambiguous when no status came (%s)', (evidence) => {
    expect(classifyCall({ ...end, evidence, httpStatus: null })).toEqual(doubt(endpoint));
  });

  test.each([401, 403, 407])('halts on %d, whatever the body', (httpStatus) => {
    for (const body of [unrecognised, refusal, ko, gateway('oauth.v2.InvalidAccessToken')]) {
      expect(classifyCall({ ...end, httpStatus, body })).toEqual({ kind: 'halted', code: 'API_HALTED_CREDENTIALS' });
    }
  });

  test.each([301, 302, 303, 307, 308])('halts on redirect %d of a call that may be repeated', (httpStatus) => {
    for (const endpoint of ['clientData', 'updateLead'] as const) {
      expect(classifyCall({ ...end, endpoint, httpStatus })).toEqual({ kind: 'halted', code: 'API_HALTED_REDIRECT' });
    }
  });

  test('halts on 307 and 308 of alta, which say that nothing was done, and doubts after 301, 302 and 303', () => {
    const alta = { ...end, endpoint: 'altaLead' } as const;
    for (const httpStatus of [307, 308]) {
      expect(classifyCall({ ...alta, httpStatus })).toEqual({ kind: 'halted', code: 'API_HALTED_REDIRECT' });
    }
    for (const httpStatus of [301, 302, 303]) {
      expect(classifyCall({ ...alta, httpStatus })).toEqual({ kind: 'ambiguous', code: 'API_NO_ANSWER' });
    }
  });

  test.each([425, 429])('comes back later after %d', (httpStatus) => {
    expect(classifyCall({ ...end, httpStatus, retryAfterMs: 7_000 })).toEqual({
      kind: 'try_later',
      code: 'API_TRY_LATER',
      afterMs: 7_000,
    });
    expect(classifyCall({ ...end, httpStatus, body: refusal })).toMatchObject({ kind: 'try_later', afterMs: null });
  });

  test('comes back later after 503 with Retry-After, and doubts one without', () => {
    expect(classifyCall({ ...end, httpStatus: 503, retryAfterMs: 1_000 })).toMatchObject({ kind: 'try_later' });
    expect(classifyCall({ ...end, httpStatus: 503 })).toEqual(doubt(endpoint));
  });

  test.each(['policies.ratelimit.QuotaViolation', 'policies.ratelimit.SpikeArrestViolation'])(
    'comes back later after gateway fault %s, also with 500',
    (errorcode) => {
      expect(classifyCall({ ...end, httpStatus: 500, body: gateway(errorcode) })).toMatchObject({ kind: 'try_later' });
    },
  );

  test('doubts any other gateway fault', () => {
    expect(
      classifyCall({ ...end, httpStatus: 504, body: gateway('messaging.adaptors.http.flow.GatewayTimeout') }),
    ).toEqual(doubt(endpoint));
  });

  test.each([200, 201, 202])('is answered by %d with an answer', (httpStatus) => {
    expect(classifyCall({ ...end, httpStatus, body: answer })).toEqual({ kind: 'answered', answer: { said: 'yes' } });
  });

  test.each([404, 405])('halts on %d without a body of the API', (httpStatus) => {
    expect(classifyCall({ ...end, httpStatus })).toEqual({ kind: 'halted', code: 'API_HALTED_PATH' });
  });

  test.each([400, 404, 413, 415, 422])('is refused by %d with a refusal', (httpStatus) => {
    expect(classifyCall({ ...end, httpStatus, body: refusal })).toEqual({
      kind: 'refused',
      code: 'API_REFUSED',
      message: 'bad',
    });
  });

  test.each([400, 402, 410, 413, 415, 418, 422, 451])('doubts %d with a foreign body', (httpStatus) => {
    expect(classifyCall({ ...end, httpStatus })).toEqual(doubt(endpoint));
  });

  test.each([408, 500, 502, 503, 504, 520])('doubts %d', (httpStatus) => {
    for (const body of [unrecognised, refusal]) {
      expect(classifyCall({ ...end, httpStatus, body })).toEqual(doubt(endpoint));
    }
  });

  test.each([200, 202, 204])('doubts %d without an answer', (httpStatus) => {
    expect(classifyCall({ ...end, httpStatus })).toEqual(doubt(endpoint));
  });

  test('doubts a truncated answer', () => {
    expect(classifyCall({ ...end, evidence: 'response_started' })).toEqual(doubt(endpoint));
  });
});

describe('alta lead', () => {
  test('doubts 409, whatever the body: it may be our own earlier attempt', () => {
    for (const body of [unrecognised, refusal, answer]) {
      expect(classifyCall({ ...alta, httpStatus: 409, body })).toEqual({ kind: 'ambiguous', code: 'API_CONFLICT' });
    }
  });

  test.each([307, 401, 422, 429, 500])('believes a leadId that comes with %d', (httpStatus) => {
    expect(classifyCall({ ...alta, httpStatus, body: answer })).toMatchObject({ kind: 'answered' });
  });

  test('is refused by 200 with a KO or a refusal and no leadId', () => {
    expect(classifyCall({ ...alta, body: ko })).toEqual({
      kind: 'refused',
      code: 'API_REFUSED',
      message: 'down for [NIF]',
    });
    expect(classifyCall({ ...alta, body: refusal })).toMatchObject({ kind: 'refused' });
  });

  test('doubts a KO with 500, and an answer without a leadId', () => {
    expect(classifyCall({ ...alta, httpStatus: 500, body: ko })).toEqual(doubt('altaLead'));
    expect(classifyCall({ ...alta, body: incomplete })).toEqual(doubt('altaLead'));
  });
});

describe('client data', () => {
  test.each([200, 422, 500])('is inconclusive on KO with %d', (httpStatus) => {
    expect(classifyCall({ ...check, httpStatus, body: ko })).toEqual({
      kind: 'inconclusive',
      code: 'API_KO',
      message: 'down for [NIF]',
    });
  });

  test('is inconclusive on an incomplete or crossed answer', () => {
    expect(classifyCall({ ...check, body: incomplete })).toMatchObject({
      kind: 'inconclusive',
      code: 'API_ANSWER_INCOMPLETE',
    });
    expect(classifyCall({ ...check, body: mismatch })).toMatchObject({
      kind: 'inconclusive',
      code: 'API_ANSWER_MISMATCH',
    });
  });

  test('does not believe an answer that comes with an error', () => {
    expect(classifyCall({ ...check, httpStatus: 500, body: answer })).toEqual(doubt('clientData'));
  });
});

describe('update lead', () => {
  test('doubts an answer about another lead, and says so', () => {
    expect(classifyCall({ ...update, body: mismatch })).toEqual({ kind: 'ambiguous', code: 'API_ANSWER_MISMATCH' });
    expect(classifyCall({ ...update, body: incomplete })).toEqual(doubt('updateLead'));
  });

  test('is refused by a KO, and by 409 with a refusal', () => {
    expect(classifyCall({ ...update, body: ko })).toMatchObject({ kind: 'refused' });
    expect(classifyCall({ ...update, httpStatus: 409, body: refusal })).toMatchObject({ kind: 'refused' });
  });
});

describe('our sandbox in production', () => {
  const marked = { ...alta, sandbox: true };

  test('leaves a create in doubt that may have been carried out: an API that grew out of the sandbox may bear its mark', () => {
    for (const end of [
      { ...marked, body: answer },
      { ...marked, httpStatus: 500 },
      { ...marked, httpStatus: 409 },
    ]) {
      expect(classifyCall(end)).toEqual({ kind: 'ambiguous', code: 'API_IS_SANDBOX' });
    }
  });

  test('halts a create that was not carried out, and every other call', () => {
    for (const end of [
      { ...marked, httpStatus: 401 },
      { ...marked, httpStatus: 422, body: refusal },
      { ...marked, httpStatus: 429 },
      { ...marked, endpoint: 'clientData', body: answer } as const,
      { ...marked, endpoint: 'updateLead', body: answer } as const,
    ]) {
      expect(classifyCall(end)).toEqual({ kind: 'halted', code: 'API_IS_SANDBOX' });
    }
  });

  test('is not asked about a request that never left', () => {
    expect(classifyCall({ ...marked, evidence: 'never_written' })).toMatchObject({ kind: 'not_sent' });
  });
});

describe('a message that the configuration foresees', () => {
  const foreseen = (verdict: 'final' | 'retry'): RecognisedBody<Answer> => ({
    kind: 'foreseen',
    verdict,
    message: 'no 12345678Z',
  });

  test.each([200, 202, 400, 422])('decides with %d', (httpStatus) => {
    expect(classifyCall({ ...alta, httpStatus, body: foreseen('final') })).toEqual({
      kind: 'refused',
      code: 'API_REFUSED',
      message: 'no [NIF]',
    });
    expect(classifyCall({ ...alta, httpStatus, retryAfterMs: 5, body: foreseen('retry') })).toEqual({
      kind: 'try_later',
      code: 'API_TRY_LATER',
      afterMs: 5,
    });
  });

  test.each([408, 500, 503])('does not decide about a create with %d', (httpStatus) => {
    for (const verdict of ['final', 'retry'] as const) {
      expect(classifyCall({ ...alta, httpStatus, body: foreseen(verdict) })).toEqual(doubt('altaLead'));
    }
  });

  test('does not decide against 401 or 409', () => {
    expect(classifyCall({ ...alta, httpStatus: 401, body: foreseen('final') })).toMatchObject({ kind: 'halted' });
    expect(classifyCall({ ...alta, httpStatus: 409, body: foreseen('final') })).toMatchObject({ kind: 'ambiguous' });
  });
});

describe('a status that the configuration knows', () => {
  test.each(['final', 'retry'] as const)(
    'as %s never takes a leadId away, nor speaks for a request without an answer',
    (knownStatus) => {
      expect(classifyCall({ ...alta, httpStatus: 502, knownStatus, body: answer })).toMatchObject({ kind: 'answered' });
      expect(classifyCall({ ...alta, evidence: 'never_written', knownStatus })).toMatchObject({ kind: 'not_sent' });
    },
  );
});

describe('where the Idempotency-Key is honoured', () => {
  const kind: CallEnd<Answer> = { ...alta, keyHonoured: true };

  test('what is ambiguous may be repeated, and says so', () => {
    for (const end of [
      { ...kind, httpStatus: null },
      { ...kind, httpStatus: 500 },
      { ...kind, httpStatus: 409 },
    ]) {
      expect(classifyCall({ ...end, evidence: 'maybe_written' })).toMatchObject({ kind: 'ambiguous', mayRepeat: true });
    }
  });

  test("a sandbox's answer may not", () => {
    expect(classifyCall({ ...kind, sandbox: true, body: answer })).not.toHaveProperty('mayRepeat');
  });

  test('nothing else changes', () => {
    for (const httpStatus of [200, 307, 401, 404, 422, 429]) {
      expect(classifyCall({ ...kind, httpStatus, body: refusal })).toEqual(
        classifyCall({ ...alta, httpStatus, body: refusal }),
      );
    }
  });
});
