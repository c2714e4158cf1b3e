import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLeader, type LeaderPorts } from '../../src/app/lead-the-work.ts';
import { openQueue } from '../adapters/queue/queue-under-test.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, type Workbench } from './a-workbench.ts';

let api: FakeLeadsApi;
let bench: Workbench;

beforeAll(async () => {
  api = await startFakeLeadsApi();
  bench = await aWorkbench('leader', api.url);
});
afterAll(async () => {
  await bench.close();
  await api.close();
});

const lease = { tryLead: async () => true };
const broken = async () => Promise.reject(new Error('broken'));

it.each(['orphans', 'sumUp', 'wakeUpdates'] as const)('feeds the queue though %s fails, and says so', async (duty) => {
  const { connection } = await openQueue('postgres');
  const ports: LeaderPorts = {
    ...bench.ports,
    queue: connection,
    ledger: { ...bench.ports.ledger, [duty]: broken },
  };
  await bench.leadRow();
  await expect(createLeader(ports, lease).tick()).rejects.toThrow('broken');
  expect(await connection.load('register-lead')).toBeGreaterThan(0);
});

it('goes on with its other duties though the queue can not be fed', async () => {
  const { connection } = await openQueue('postgres');
  const done: string[] = [];
  const { ledger } = bench.ports;
  const ports: LeaderPorts = {
    ...bench.ports,
    queue: connection,
    ledger: {
      ...ledger,
      filesDue: broken,
      sumUp: async () => {
        await ledger.sumUp();
        done.push('sumUp');
      },
      wakeUpdates: async () => {
        done.push('wakeUpdates');
        return ledger.wakeUpdates();
      },
    },
  };
  await expect(createLeader(ports, lease).tick()).rejects.toThrow('broken');
  expect(done).toEqual(['sumUp', 'wakeUpdates']);
});

it('does nothing while another process leads', async () => {
  const { connection } = await openQueue('postgres');
  await bench.leadRow();
  let isFree = true;
  const leader = createLeader({ ...bench.ports, queue: connection }, { tryLead: async () => isFree });
  await leader.tick();
  const before = await connection.load('register-lead');
  expect(before).toBeGreaterThan(0);
  isFree = false;
  await bench.leadRow();
  await leader.tick();
  await leader.refill();
  expect(await connection.load('register-lead')).toBe(before);
});
