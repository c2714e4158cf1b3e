import { afterAll, beforeAll, expect, it } from 'vitest';
import { createFeeder } from '../../src/app/feeder.ts';
import { openQueue, type QueueUnderTest } from '../adapters/queue/queue-under-test.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, type Workbench } from './a-workbench.ts';

let api: FakeLeadsApi;
let bench: Workbench;

beforeAll(async () => {
  api = await startFakeLeadsApi();
  bench = await aWorkbench('feeder', api.url);
});
afterAll(async () => {
  await bench.close();
  await api.close();
});

/** As workers do: the oldest jobs are gone. */
async function workOff(queue: QueueUnderTest, rowIds: readonly string[]): Promise<void> {
  for (const id of rowIds) {
    const job = await queue.person('register-lead').getJob(`r${id}-v${(await bench.ports.ledger.row(id))?.version}`);
    if (job === undefined) throw new Error(`row ${id} is not in the queue`);
    await job.remove();
  }
}

it('fills the window between turns as soon as a quarter of it is worked, until nothing more is due', async () => {
  const queue = await openQueue('postgres');
  const rows: string[] = [];
  for (let n = 0; n < 12; n += 1) rows.push(await bench.leadRow());
  let looks = 0;
  const feeder = createFeeder({
    ...bench.ports,
    queue: queue.connection,
    settings: { ...bench.ports.settings, window: 8, timeScale: 1 },
    ledger: {
      ...bench.ports.ledger,
      stops: async (account) => {
        looks += 1;
        return bench.ports.ledger.stops(account);
      },
    },
  });
  expect(await feeder.refill(), 'before the first turn').toBe(0);
  expect(await feeder.tick()).toBe(8);
  expect(await feeder.refill(), 'a full window').toBe(0);
  await workOff(queue, rows.slice(0, 1));
  expect(await feeder.refill(), 'room for one').toBe(0);
  await workOff(queue, rows.slice(1, 2));
  expect(await feeder.refill(), 'room for two').toBe(2);
  expect(await queue.connection.load('register-lead')).toBe(8);
  await workOff(queue, rows.slice(2, 10));
  expect(await feeder.refill(), 'the last two').toBe(2);
  expect(await feeder.refill(), 'nothing is left').toBe(0);
  const before = looks;
  await feeder.refill();
  expect(looks, 'then the ledger is not even asked').toBe(before);
});

it('offers nothing twice though a turn and a refill are asked for at once', async () => {
  const queue = await openQueue('postgres');
  for (let n = 0; n < 20; n += 1) await bench.leadRow();
  const feeder = createFeeder({
    ...bench.ports,
    queue: queue.connection,
    settings: { ...bench.ports.settings, window: 8, timeScale: 1 },
  });
  await Promise.all([feeder.tick(), feeder.refill(), feeder.tick(), feeder.refill()]);
  expect(await queue.connection.load('register-lead')).toBe(8);
});

it('rests until the next turn when the queue is away, instead of failing many times a second', async () => {
  const queue = await openQueue('postgres');
  let isAway = false;
  let asked = 0;
  for (let n = 0; n < 20; n += 1) await bench.leadRow();
  const feeder = createFeeder({
    ...bench.ports,
    queue: {
      ...queue.connection,
      async load(name) {
        asked += 1;
        if (isAway) throw new Error('away');
        return queue.connection.load(name);
      },
    },
    settings: { ...bench.ports.settings, window: 8, timeScale: 1 },
  });
  await feeder.tick();
  isAway = true;
  await expect(feeder.refill()).rejects.toThrow('away');
  const before = asked;
  expect(await feeder.refill()).toBe(0);
  expect(asked).toBe(before);
  isAway = false;
  await feeder.tick();
  await feeder.refill();
  expect(asked).toBeGreaterThan(before + 2);
});

it('offers nothing while a ledger that has begun anew waits for a host, and goes on at once when it need not', async () => {
  const queue = await openQueue('postgres');
  await bench.leadRow();
  let hosts: readonly string[] = ['north'];
  const feeder = createFeeder({
    ...bench.ports,
    queue: queue.connection,
    ledger: {
      ...bench.ports.ledger,
      stops: async (account) => ({
        ...(await bench.ports.ledger.stops(account)),
        rollCall: hosts.length === 0 ? null : { since: new Date(), until: new Date(), hosts },
      }),
    },
  });
  expect(await feeder.tick()).toBe(0);
  expect(await queue.connection.load('register-lead')).toBe(0);
  hosts = [];
  expect(await feeder.tick()).toBeGreaterThan(0);
});

it('offers once more what may have been refused when the roll of another era has been called', async () => {
  const queue = await openQueue('postgres');
  await bench.leadRow();
  let era = 'one';
  const feeder = createFeeder({
    ...bench.ports,
    queue: queue.connection,
    settings: { ...bench.ports.settings, timeScale: 1 },
    ledger: {
      ...bench.ports.ledger,
      stops: async (account) => ({ ...(await bench.ports.ledger.stops(account)), era }),
    },
  });
  expect(await feeder.tick()).toBeGreaterThan(0);
  expect(await feeder.tick()).toBe(0);
  era = 'another';
  expect(await feeder.tick()).toBeGreaterThan(0);
});

it('serves partners in turn where there is not room enough for all', async () => {
  const served: string[] = [];
  const feeder = createFeeder({
    ...bench.ports,
    queue: { ...(await openQueue('postgres')).connection, load: async () => 98 },
    ledger: {
      ...bench.ports.ledger,
      partnersWithWork: async (kind) => (kind === 'lead' ? ['a', 'b', 'c', 'd', 'e'] : []),
      async dueRows(_kind, partner) {
        served.push(partner);
        return [{ id: String(served.length), version: 1, nextAt: new Date(0).toISOString() }];
      },
    },
  });
  for (let turn = 0; turn < 5; turn += 1) await feeder.tick();
  expect(served.join('')).toBe('abcdeabcde');
});
