import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Check } from '../../src/conformance/check.ts';
import { checksOf } from '../../src/conformance/checks.ts';
import { costOf, runChecks } from '../../src/conformance/run-checks.ts';
import type { LeadsContract } from '../../src/contract/leads-contract.ts';
import { contract, deploymentAt, examine } from './a-deployment.ts';
import { startStrangeApi } from './strange-api.ts';
import type { StrangeApi } from './strange-api.ts';

let api: StrangeApi;

beforeAll(async () => {
  api = await startStrangeApi(() => null);
});

afterAll(() => api.close());

function check(name: string, part: Partial<Check> = {}): Check {
  return {
    name,
    level: 'must',
    spec: null,
    calls: 0,
    run: async () => ({ result: 'pass', expected: 'x', got: 'x', set: null }),
    ...part,
  };
}

const failing: Partial<Check> = { run: async () => ({ result: 'fail', expected: 'x', got: 'y', set: null }) };

test('runs nothing that needs what has failed, nor what needs that', async () => {
  const { findings } = await examine(deploymentAt(api.url), [
    check('a.fails', failing),
    check('a.needs', { needs: 'a.fails' }),
    check('a.needs-that', { needs: 'a.needs' }),
    check('a.alone'),
  ]);
  expect(findings.map(({ result }) => result)).toEqual(['fail', 'skipped', 'skipped', 'pass']);
});

test('hands out a finding before the next check begins', async () => {
  const begun: string[] = [];
  const noted = (name: string): Check =>
    check(name, { run: async () => (begun.push(name), { result: 'pass', expected: 'x', got: 'x', set: null }) });
  const deployment = deploymentAt(api.url);
  const findings = runChecks(deployment, [noted('a.first'), noted('a.second')]);
  await findings.next();
  expect(begun).toEqual(['a.first']);
  await deployment.close();
});

test('lets no check make more calls than it has announced', async () => {
  const deployment = deploymentAt(api.url);
  const greedy = check('a.greedy', {
    calls: 1,
    async run({ send }) {
      await send('clientData', { nif: '12345601Y' });
      await send('clientData', { nif: '12345601Y' });
      throw new Error('was not stopped');
    },
  });
  await expect(Array.fromAsync(runChecks(deployment, [greedy]))).rejects.toThrow(
    'a.greedy makes more calls than it has announced',
  );
  expect(deployment.exchanges).toHaveLength(1);
  await deployment.close();
});

test('tells of a wait before it waits, and what was asked for', async () => {
  const busy = await startStrangeApi(() => ({ status: 429, headers: { 'retry-after': '99999999' }, body: {} }));
  const told: object[] = [];
  const onWait = (wait: object) => {
    told.push(wait);
    throw new Error('half a minute is too long for a test');
  };
  const deployment = deploymentAt(busy.url, { onWait });
  const waiting = check('a.busy', {
    calls: 1,
    async run({ send }) {
      await send('clientData', { nif: '12345601Y' });
      throw new Error('did not wait');
    },
  });
  await expect(Array.fromAsync(runChecks(deployment, [waiting]))).rejects.toThrow('half a minute');
  expect(told).toEqual([{ retryAfter: '99999999', waitMs: 30_000 }]);
  await deployment.close();
  await busy.close();
});

test('has one name for each check, and needs only checks that come before', () => {
  const checks = checksOf(contract, { write: true });
  const before = new Set<string>();
  for (const { name, needs } of checks) {
    expect(name).toMatch(/^[a-z-]+\.[A-Za-z0-9-]+$/);
    expect(before.has(name)).toBe(false);
    if (needs !== undefined) expect(before.has(needs), `${name} needs ${needs}`).toBe(true);
    before.add(name);
  }
  expect(costOf(checksOf(contract, { write: false })).leads).toBe(0);
});

test('takes a new field of the contract up by itself', () => {
  const [first] = contract.leadFields;
  if (first === undefined) throw new Error('a contract without fields');
  const more: LeadsContract = {
    ...contract,
    leadFields: [
      ...contract.leadFields,
      { ...first, name: 'sucursal', wireName: 'branch', required: true, maxLength: 12, values: null, json: 'string' },
    ],
  };
  const names = checksOf(more, { write: true }).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['alta-lead.without-sucursal', 'limits.sucursal']));
});
