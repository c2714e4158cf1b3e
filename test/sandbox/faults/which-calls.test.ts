import { expect, test } from 'vitest';
import { createFaults } from '../../../src/sandbox/faults/faults.ts';
import type { Fate, Subject } from '../../../src/sandbox/faults/faults.ts';
import type { OrderedFault } from '../../../src/sandbox/faults/ordered-fault.ts';
import { call } from '../../adapters/leads-api/api-under-test.ts';
import { person, useSandboxes } from '../sandbox-under-test.ts';
import type { SandboxUnderTest } from '../sandbox-under-test.ts';

const sandboxes = useSandboxes('sandbox which calls');

/** How each of some client checks ends. */
async function check(sandbox: SandboxUnderTest, ...nifs: readonly string[]): Promise<string[]> {
  const api = sandbox.api();
  const kinds: string[] = [];
  for (const nif of nifs) kinds.push((await api.checkClient(nif, call())).outcome.kind);
  return kinds;
}

const some = (count: number) => Array.from({ length: count }, () => person.dni);

test('strikes the nth matching call, as many times as ordered', async () => {
  const sandbox = await sandboxes.start();
  await sandbox.order({
    faults: [{ endpoint: 'clientData', nif: person.dni, nth: 2, times: 2, effect: 'ko' }],
  });
  expect(await check(sandbox, person.dni, '12345602B', person.dni, person.dni, person.dni)).toEqual([
    'answered',
    'answered',
    'inconclusive',
    'inconclusive',
    'answered',
  ]);
});

test("strikes an update by its lead's partnerLeadId, and by its leadId", async () => {
  const sandbox = await sandboxes.start();
  const api = sandbox.api();
  const { outcome } = await api.createLead({ ...person, partnerLeadId: 'updated' }, call());
  if (outcome.kind !== 'answered') throw new Error(outcome.kind);
  const { leadId } = outcome.answer;
  const update = async () => (await api.updateLead({ leadId, estado: '5', observacion: 'x' }, call())).outcome.kind;
  await sandbox.order({
    faults: [{ endpoint: 'updateLead', partnerLeadId: 'updated', times: 0, effect: 'http_500' }],
  });
  expect([await update(), await update()]).toEqual(['ambiguous', 'ambiguous']);
  await sandbox.order({ faults: [{ leadId: '1', effect: 'http_500' }] });
  expect(await update()).toBe('answered');
  await sandbox.order({ faults: [{ leadId, effect: 'http_500' }] });
  expect([await update(), await update()]).toEqual(['ambiguous', 'answered']);
});

test.each(['12345601x', '12.345.601-X'])('knows a NIF written as %s', async (nif) => {
  const sandbox = await sandboxes.start({ faults: [{ nif, effect: 'ko' }] });
  expect(await check(sandbox, '12345602B', '12345601X')).toEqual(['answered', 'inconclusive']);
});

test('without an endpoint strikes all three', async () => {
  const sandbox = await sandboxes.start({ faults: [{ effect: 'http_500', times: 0 }] });
  const api = sandbox.api();
  const outcomes = [
    await api.checkClient(person.dni, call()),
    await api.createLead(person, call()),
    await api.updateLead({ leadId: '1', estado: '5', observacion: 'x' }, call()),
  ];
  expect(outcomes.map(({ outcome }) => outcome.kind)).toEqual(['ambiguous', 'ambiguous', 'ambiguous']);
});

test('strikes some calls by probability, and the same ones with the same seed', async () => {
  const sandbox = await sandboxes.start();
  const run = async (seed: number) => {
    await sandbox.order({ seed, faults: [{ effect: 'ko', probability: 0.5 }] });
    return check(sandbox, ...some(40));
  };
  const first = await run(42);
  expect(new Set(first)).toEqual(new Set(['answered', 'inconclusive']));
  expect(await run(42)).toEqual(first);
  expect(await run(43)).not.toEqual(first);
});

test('two sandboxes with one seed do the same', async () => {
  const options = { seed: 7, faults: [{ effect: 'ko', probability: 0.3 }] satisfies OrderedFault[] };
  const [one, other] = [await sandboxes.start(options), await sandboxes.start(options)];
  expect(await check(other, ...some(40))).toEqual(await check(one, ...some(40)));
});

test('a seed that nobody gave is told, and repeats the run', async () => {
  const sandbox = await sandboxes.start();
  const faults: OrderedFault[] = [{ effect: 'ko', probability: 0.5 }];
  await sandbox.order({ faults });
  const { seed } = await sandbox.faultsNow();
  const first = await check(sandbox, ...some(40));
  await sandbox.order({ faults, seed });
  expect(await check(sandbox, ...some(40))).toEqual(first);
});

const subject: Subject = { endpoint: 'clientData', partnerLeadId: null, nif: 'x', leadId: null };
const fates = (faults: OrderedFault[], subjects: readonly Subject[], seed = 1) => {
  const made = createFaults({ faults, seed });
  return subjects.map((one) => made.meet(one));
};

const effectOf = ({ struck }: Fate) => struck?.fault.effect ?? null;

test('a probability is met over many calls', () => {
  const struck = fates(
    [{ effect: 'ko', probability: 0.1 }],
    Array.from({ length: 10_000 }, () => subject),
  ).filter((fate) => fate.struck !== null);
  expect(struck.length).toBeGreaterThan(900);
  expect(struck.length).toBeLessThan(1_100);
});

test('calls that do not match change nothing for those that do', () => {
  const other: Subject = { ...subject, nif: 'y' };
  const calls = Array.from({ length: 60 }, () => subject);
  const order: OrderedFault[] = [{ effect: 'ko', nif: 'x', probability: 0.4 }];
  const alone = fates(order, calls);
  const among = fates(
    order,
    calls.flatMap((one) => [other, one, other]),
  ).filter((_fate, at) => at % 3 === 1);
  expect(among.map(effectOf)).toEqual(alone.map(effectOf));
});

test('with times a probability strikes so often and no more', () => {
  const struck = fates(
    [{ effect: 'ko', probability: 0.5, times: 3 }],
    Array.from({ length: 100 }, () => subject),
  );
  expect(struck.filter((fate) => fate.struck !== null)).toHaveLength(3);
});

test('of two orders that are due the first strikes', () => {
  const [first, second] = fates([{ effect: 'ko' }, { effect: 'http_500', times: 2 }], [subject, subject]);
  expect([first?.struck?.fault.effect, second?.struck?.fault.effect]).toEqual(['ko', 'http_500']);
});

test('latency adds up, is drawn between its limits, and lets another fault strike', () => {
  const drawn = fates(
    [
      { effect: 'latency', ms: 1_000, times: 0 },
      { effect: 'latency', ms: 100, upToMs: 200, times: 0 },
      { effect: 'ko', times: 0 },
    ],
    Array.from({ length: 50 }, () => subject),
  );
  const waits = drawn.map(({ delayMs }) => delayMs);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_100);
  expect(Math.max(...waits)).toBeLessThanOrEqual(1_200);
  expect(new Set(waits).size).toBeGreaterThan(10);
  expect(drawn.every(({ struck }) => struck?.fault.effect === 'ko')).toBe(true);
});
