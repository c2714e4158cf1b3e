import { describe, expect, test } from 'vitest';
import { effects } from '../../../src/sandbox/faults/ordered-fault.ts';
import type { OrderedFault } from '../../../src/sandbox/faults/ordered-fault.ts';
import { call } from '../../adapters/leads-api/api-under-test.ts';
import { person, personBody, useSandboxes } from '../sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox effects');

const noAnswer = { kind: 'ambiguous', code: 'API_NO_ANSWER' };
const tryLater = (afterMs: unknown) => ({ kind: 'try_later', code: 'API_TRY_LATER', afterMs });
/** A date has whole seconds, and the server's own Date is up to one second old. */
const about10Seconds = expect.toSatisfy((ms: number) => Math.abs(ms - 10_000) <= 1_000);

/** Each effect on an alta lead: how our client reads it, and how many leads there are afterwards. */
const onAltaLead: readonly (readonly [OrderedFault, object, number])[] = [
  [{ effect: 'latency', ms: 30 }, { kind: 'answered' }, 1],
  [{ effect: 'reset_before_effect' }, noAnswer, 0],
  [{ effect: 'reset_after_effect' }, noAnswer, 1],
  [{ effect: 'drop_after_effect' }, noAnswer, 1],
  [{ effect: 'hang' }, noAnswer, 0],
  [{ effect: 'hang', afterEffect: true }, noAnswer, 1],
  [{ effect: 'truncated_body' }, noAnswer, 1],
  [{ effect: 'retry_after', retryAfterSeconds: 3 }, tryLater(3_000), 0],
  [{ effect: 'retry_after', status: 503, retryAfterSeconds: 3 }, tryLater(3_000), 0],
  [{ effect: 'retry_after', retryAfterSeconds: 10, retryAfterAs: 'http-date' }, tryLater(about10Seconds), 0],
  [
    { effect: 'retry_after', status: 503, retryAfterSeconds: 10, retryAfterAs: 'http-date' },
    tryLater(about10Seconds),
    0,
  ],
  [{ effect: 'maintenance', seconds: 10 }, tryLater(10_000), 0],
  [{ effect: 'maintenance', seconds: 10, retryAfterAs: 'http-date' }, tryLater(about10Seconds), 0],
  [{ effect: 'gateway_fault' }, tryLater(null), 0],
  [{ effect: 'gateway_fault', errorcode: 'policies.ratelimit.SpikeArrestViolation' }, tryLater(null), 0],
  [{ effect: 'gateway_fault', errorcode: 'messaging.adaptors.http.flow.ServiceUnavailable', status: 503 }, noAnswer, 0],
  [{ effect: 'http_500' }, noAnswer, 0],
  [{ effect: 'http_500', afterEffect: true }, noAnswer, 1],
  [{ effect: 'http_502' }, noAnswer, 0],
  [{ effect: 'http_502', afterEffect: true }, noAnswer, 1],
  [{ effect: 'unauthorized' }, { kind: 'halted', code: 'API_HALTED_CREDENTIALS' }, 0],
  [{ effect: 'forbidden' }, { kind: 'halted', code: 'API_HALTED_CREDENTIALS' }, 0],
  [{ effect: 'redirect' }, noAnswer, 0],
  [{ effect: 'redirect', afterEffect: true, status: 303 }, noAnswer, 1],
  [{ effect: 'redirect', status: 308 }, { kind: 'halted', code: 'API_HALTED_REDIRECT' }, 0],
  [{ effect: 'ko' }, { kind: 'refused', code: 'API_REFUSED', message: 'Incident' }, 0],
  [{ effect: 'ko', message: 'No cover' }, { kind: 'refused', code: 'API_REFUSED', message: 'No cover' }, 0],
  [{ effect: 'without_field' }, noAnswer, 1],
  [{ effect: 'garbled_json' }, noAnswer, 1],
];

test('every effect is tried', () => {
  const tried = new Set(onAltaLead.map(([fault]) => fault.effect));
  expect([...tried].toSorted()).toEqual(effects.map(({ name }) => name).toSorted());
});

test.each(onAltaLead.map((one, at) => [...one, `effect-${at}`] as const))(
  '%j as our client reads it',
  async (fault, outcome, created, partnerLeadId) => {
    const sandbox = await sandboxes.start();
    await sandbox.order({ faults: [{ endpoint: 'altaLead', ...fault }] });
    const { outcome: read } = await sandbox.api().createLead({ ...person, partnerLeadId }, call());
    expect(read).toMatchObject(outcome);
    expect(await sandboxes.leadsCreated(partnerLeadId)).toBe(created);
  },
);

test.each([
  [{ effect: 'ko' }, { kind: 'inconclusive', code: 'API_KO' }],
  [
    { effect: 'without_field', field: 'partnerManage' },
    { kind: 'inconclusive', code: 'API_ANSWER_INCOMPLETE' },
  ],
  [{ effect: 'garbled_json' }, { kind: 'ambiguous', code: 'API_UNAVAILABLE' }],
  [{ effect: 'truncated_body' }, { kind: 'ambiguous', code: 'API_UNAVAILABLE' }],
] satisfies [OrderedFault, object][])('%j on a client check as our client reads it', async (fault, outcome) => {
  const sandbox = await sandboxes.start({ faults: [fault] });
  expect((await sandbox.api().checkClient(person.dni, call())).outcome).toMatchObject(outcome);
});

describe('on the wire', () => {
  const createWith = async (fault: OrderedFault) => {
    const sandbox = await sandboxes.start({ faults: [fault] });
    return sandbox.post('/alta-lead', personBody);
  };

  test('502 is a page of HTML', async () => {
    const answer = await createWith({ effect: 'http_502' });
    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await answer.text()).toContain('<h1>502 Bad Gateway</h1>');
  });

  test("a gateway's fault has the gateway's body", async () => {
    const answer = await createWith({
      effect: 'gateway_fault',
      errorcode: 'policies.ratelimit.SpikeArrestViolation',
      faultstring: 'Spike arrest violation',
    });
    expect([answer.status, await answer.json()]).toEqual([
      500,
      {
        fault: {
          faultstring: 'Spike arrest violation',
          detail: { errorcode: 'policies.ratelimit.SpikeArrestViolation' },
        },
      },
    ]);
  });

  test('Retry-After as a date is an HTTP date', async () => {
    const answer = await createWith({ effect: 'retry_after', retryAfterSeconds: 60, retryAfterAs: 'http-date' });
    expect(answer.headers.get('retry-after')).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
  });

  test('garbled JSON says that it is JSON', async () => {
    const answer = await createWith({ effect: 'garbled_json' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('application/json'),
    ]);
    await expect(answer.json()).rejects.toThrow(SyntaxError);
  });

  test('a truncated body announces all of it', async () => {
    const answer = await createWith({ effect: 'truncated_body' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-leads-sandbox')).toBe('1');
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(20);
    await expect(answer.text()).rejects.toThrow();
  });

  test('a redirect names where to', async () => {
    const answer = await createWith({ effect: 'redirect', status: 307, location: '/v2/alta-lead' });
    expect([answer.status, answer.headers.get('location')]).toEqual([307, '/v2/alta-lead']);
  });

  test('a KO comes with 200', async () => {
    const answer = await createWith({ effect: 'ko' });
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'KO', message: 'Incident' }]);
  });
});

test('a slow sandbox does the work of a caller who has given up', async () => {
  const sandbox = await sandboxes.start({ faults: [{ effect: 'latency', ms: 300 }] });
  const partnerLeadId = 'gave-up';
  const { outcome } = await sandbox.api({ timeoutMs: 100 }).createLead({ ...person, partnerLeadId }, call());
  expect(outcome).toEqual(noAnswer);
  await expect.poll(() => sandboxes.leadsCreated(partnerLeadId), { timeout: 10_000 }).toBe(1);
});

test('a sandbox that waits can be closed', async () => {
  const sandbox = await sandboxes.start({ latencyMs: 600_000 });
  const { outcome } = await sandbox.api({ timeoutMs: 100 }).createLead({ ...person, partnerLeadId: 'late' }, call());
  expect(outcome).toEqual(noAnswer);
});
