import { expect, test, vi } from 'vitest';
import { call } from '../../adapters/leads-api/api-under-test.ts';
import { person, sendJson, useSandboxes } from '../sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox fault orders');

const refusalOf = async (url: string, order: unknown) => {
  const answer = await sendJson(`${url}/__sandbox/faults`, 'PUT', order);
  return [answer.status, ((await answer.json()) as { message: string }).message] as const;
};

test('shows what is ordered, how often it was met and struck, and what there is', async () => {
  const sandbox = await sandboxes.start();
  await sandbox.order({ seed: 5, latencyMs: 1, faults: [{ endpoint: 'clientData', nth: 2, effect: 'ko' }] });
  const api = sandbox.api();
  for (let nth = 0; nth < 3; nth += 1) await api.checkClient(person.dni, call());
  await api.createLead(person, call());
  expect(await sandbox.faultsNow()).toEqual({
    seed: 5,
    scenario: null,
    latencyMs: 1,
    faults: [{ endpoint: 'clientData', nth: 2, effect: 'ko', message: 'Incident', met: 3, struck: 1 }],
    scenarios: expect.arrayContaining([
      { name: 'calm', does: expect.any(String), faults: [] },
      expect.objectContaining({ name: 'flaky-network' }),
    ]),
    effects: expect.arrayContaining([{ name: 'drop_after_effect', does: expect.stringContaining('Does the work') }]),
  });
});

test('an order takes the place of the one before, and leaves the latency', async () => {
  const sandbox = await sandboxes.start({ latencyMs: 2, faults: [{ effect: 'http_500', times: 0 }] });
  await sandbox.order({ faults: [] });
  expect((await sandbox.api().checkClient(person.dni, call())).outcome.kind).toBe('answered');
  expect(await sandbox.faultsNow()).toMatchObject({ faults: [], latencyMs: 2 });
});

test('DELETE brings back the calm', async () => {
  const sandbox = await sandboxes.start({ latencyMs: 2, scenario: 'locked-out' });
  const answer = await fetch(`${sandbox.url}/__sandbox/faults`, { method: 'DELETE' });
  expect(answer.status).toBe(204);
  expect(await sandbox.faultsNow()).toMatchObject({ faults: [], scenario: null, latencyMs: 0 });
  expect((await sandbox.api().checkClient(person.dni, call())).outcome.kind).toBe('answered');
});

test('a scenario is switched while it runs; faults of the list come first', async () => {
  const sandbox = await sandboxes.start({ scenario: 'locked-out' });
  const api = sandbox.api();
  const check = async () => (await api.checkClient(person.dni, call())).outcome;
  expect(await check()).toEqual({ kind: 'halted', code: 'API_HALTED_CREDENTIALS' });
  await sandbox.order({ scenario: 'moved', faults: [{ effect: 'ko' }] });
  expect((await check()).kind).toBe('inconclusive');
  expect(await check()).toEqual({ kind: 'halted', code: 'API_HALTED_REDIRECT' });
  await sandbox.order({ scenario: 'calm' });
  expect((await check()).kind).toBe('answered');
});

test('maintenance is over when its time is', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const sandbox = await sandboxes.start({ scenario: 'maintenance' });
    const api = sandbox.api();
    const check = async () => (await api.checkClient(person.dni, call())).outcome;
    expect(await check()).toEqual({ kind: 'try_later', code: 'API_TRY_LATER', afterMs: 60_000 });
    vi.advanceTimersByTime(45_000);
    expect(await check()).toEqual({ kind: 'try_later', code: 'API_TRY_LATER', afterMs: 15_000 });
    vi.advanceTimersByTime(15_000);
    expect((await check()).kind).toBe('answered');
  } finally {
    vi.useRealTimers();
  }
});

test('refuses an unknown effect, naming those there are', async () => {
  const { url } = await sandboxes.start();
  const [status, message] = await refusalOf(url, { faults: [{ endpoint: 'altaLead', effect: 'explode' }] });
  expect(status).toBe(422);
  expect(message).toMatch(/^Refused: faults\.0\.effect expected one of .*drop_after_effect.*garbled_json/);
});

test('refuses an unknown scenario, naming those there are', async () => {
  const { url } = await sandboxes.start();
  const [status, message] = await refusalOf(url, { scenario: 'tuesday' });
  expect(status).toBe(422);
  expect(message).toMatch(/^Refused: scenario: .*calm.*flaky-network.*lost-answers/);
});

test.each([
  ['a parameter of another effect', { faults: [{ effect: 'ko', seconds: 3 }] }, 'seconds'],
  ['a probability above 1', { faults: [{ effect: 'ko', probability: 1.5 }] }, 'probability'],
  ['a probability of 0', { faults: [{ effect: 'ko', probability: 0 }] }, 'probability'],
  ['an endpoint that there is not', { faults: [{ effect: 'ko', endpoint: 'lead' }] }, 'endpoint'],
  ['a latency that ends before it begins', { faults: [{ effect: 'latency', ms: 9, upToMs: 3 }] }, 'upToMs'],
  ['a status that is no redirect', { faults: [{ effect: 'redirect', status: 200 }] }, 'status'],
  ['a seed that is no whole number', { seed: 1.5 }, 'seed'],
  ['a word that it does not know', { chaos: true }, 'chaos'],
  ['no object', 'calm', 'body'],
  ['a latency beyond ten minutes', { latencyMs: 3e9 }, 'latencyMs'],
  [
    'a moment that no date has',
    { faults: [{ effect: 'retry_after', retryAfterAs: 'http-date', retryAfterSeconds: 1e15 }] },
    'retryAfterSeconds',
  ],
  ['a maintenance without end', { faults: [{ effect: 'maintenance', seconds: 1e15 }] }, 'seconds'],
  ['a location that no header takes', { faults: [{ effect: 'redirect', location: '/añ€' }] }, 'location'],
  ['a location of two lines', { faults: [{ effect: 'redirect', location: '/a\n/b' }] }, 'location'],
  ['a leadId of a client check', { faults: [{ effect: 'ko', endpoint: 'clientData', leadId: '1' }] }, 'leadId'],
  ['a NIF of an update', { faults: [{ effect: 'ko', endpoint: 'updateLead', nif: '12345601X' }] }, 'nif'],
  ['a NIF and a leadId at once', { faults: [{ effect: 'ko', nif: '12345601X', leadId: '1' }] }, 'leadId'],
  ['tokens that nobody is asked for', { faults: [{ effect: 'http_500', endpoint: 'token' }] }, 'oauth2'],
])('refuses %s and changes nothing', async (_name, order, word) => {
  const sandbox = await sandboxes.start({ seed: 9, faults: [{ effect: 'http_500' }] });
  const [status, message] = await refusalOf(sandbox.url, order);
  expect([status, message]).toEqual([422, expect.stringContaining(word)]);
  expect(await sandbox.faultsNow()).toMatchObject({ seed: 9, faults: [{ effect: 'http_500' }] });
});

test('takes the longest waits that it allows', async () => {
  const sandbox = await sandboxes.start();
  await sandbox.order({
    latencyMs: 600_000,
    faults: [{ effect: 'retry_after', retryAfterAs: 'http-date', retryAfterSeconds: 315_360_000 }],
  });
  await sandbox.order({
    latencyMs: 0,
    faults: [{ effect: 'retry_after', retryAfterAs: 'http-date', retryAfterSeconds: 315_360_000 }],
  });
  const answer = await sandbox.post('/client-data', { nif: person.dni });
  expect(Date.parse(answer.headers.get('retry-after') ?? '')).toBeGreaterThan(Date.now() + 315_000_000_000);
});

test('does not start with a scenario that there is not', async () => {
  await expect(sandboxes.start({ scenario: 'tuesday' })).rejects.toThrow(/calm/);
});
