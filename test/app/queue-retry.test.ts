import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { HonoAdapter } from '@bull-board/hono';
import type { Queue } from 'bullmq';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFeeder } from '../../src/app/feeder.ts';
import { registerLead } from '../../src/app/register-lead.ts';
import { kinds, openQueue, type Kind } from '../adapters/queue/queue-under-test.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeLeadsApi, type FakeLeadsApi } from '../support/fake-leads-api.ts';
import { aWorkbench, type Workbench } from './a-workbench.ts';

let api: FakeLeadsApi;
let bench: Workbench;
let mood: 'well' | 'agentless' | 'ko' | 'silent' = 'well';

beforeAll(async () => {
  api = await startFakeLeadsApi((path, _body, response) => {
    if (mood === 'ko' && path === '/client-data') {
      response.setHeader('content-type', 'application/json').end('{"status":"KO","message":"incidencia"}');
      return true;
    }
    if (mood === 'agentless' && path === '/client-data') {
      response.setHeader('content-type', 'application/json').end('{"status":"OK","client":true,"partnerManage":true}');
      return true;
    }
    if (mood !== 'silent' || path !== '/alta-lead') return false;
    response.destroy();
    return true;
  });
  bench = await aWorkbench('queue retry', api.url);
});
afterAll(async () => {
  await bench.close();
  await api.close();
});
beforeEach(() => {
  mood = 'well';
});

const look = async (id: string) => {
  const row = await bench.ports.ledger.row(id);
  if (row === null) throw new Error('no such row');
  return row;
};

/** A queue with a worker and a feeder on it, and a person's view of it: BullMQ's own queue and Bull Board over HTTP. */
async function atWork(kind: Kind) {
  const under = await openQueue(kind);
  await under.connection.work([
    {
      name: 'register-lead',
      concurrency: 2,
      process: (payload, context) =>
        registerLead(bench.ports, payload as { readonly rowId: string; readonly version: number }, context),
    },
  ]);
  const feeder = createFeeder({ ...bench.ports, queue: under.connection });
  async function become(id: string, state: string): Promise<void> {
    await eventually(`row ${id} ${state}`, async () => {
      await feeder.tick();
      return (await look(id)).state === state;
    });
    await jobIs(id, 'failed');
  }
  const queue = under.person('register-lead') as unknown as Queue;
  const jobOf = async (id: string) => {
    const jobs = await queue.getJobs(['failed', 'delayed', 'wait', 'active', 'completed']);
    return jobs.find((job) => job?.data.rowId === id);
  };
  async function jobIs(id: string, state: string) {
    return eventually(`the job of row ${id} ${state}`, async () => {
      const job = await jobOf(id);
      return job !== undefined && (await job.getState()) === state ? job : null;
    });
  }
  // The pages' own files are not asked for.
  const serverAdapter = new HonoAdapter(() => (_context: unknown, next: () => Promise<void>) => next());
  createBullBoard({ queues: [new BullMQAdapter(queue as never)], serverAdapter });
  const board = serverAdapter.registerPlugin();
  async function ask(method: string, path: string, body?: object): Promise<unknown> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await board.request(path, { ...init, headers: { 'content-type': 'application/json' } });
    expect([path, response.status < 300]).toEqual([path, true]);
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  }

  mood = 'ko';
  const failed = await bench.leadRow();
  await become(failed, 'failed');
  mood = 'silent';
  const doubtful = await bench.leadRow();
  await become(doubtful, 'in_doubt');
  mood = 'well';
  return { ask, become, connection: under.connection, doubtful, failed, feeder, jobIs, jobOf, queue };
}

async function createAttemptsOf(id: string) {
  return (await bench.ports.ledger.attempts(id)).filter(({ step }) => step === 'create').length;
}

const creates = () => api.creates.length;

/** The job has run again and failed again, with what to do instead. */
async function isRefused(the: Awaited<ReturnType<typeof atWork>>, before: number): Promise<void> {
  await eventually('the refusal', async () => {
    const job = await the.jobOf(the.doubtful);
    return job !== undefined && (await job.getState()) === 'failed' && /leadsync resolve/.test(job.failedReason ?? '');
  });
  expect(await look(the.doubtful)).toMatchObject({ state: 'in_doubt' });
  expect(await createAttemptsOf(the.doubtful)).toBe(1);
  expect(creates()).toBe(before);
}

async function isReplayed(the: Awaited<ReturnType<typeof atWork>>, before: number): Promise<void> {
  await eventually('the replay', async () => (await look(the.failed)).state === 'registered');
  expect(creates()).toBe(before + 1);
  expect(await bench.ports.ledger.history(the.failed)).toContainEqual(
    expect.objectContaining({ action: 'row.replayed', actor: 'queue', from: 'failed', to: 'received' }),
  );
}

describe.each(kinds)('on %s, a person who retries', (kind) => {
  it('a failed job in Bull Board replays a failed row, and is refused a row in doubt', async () => {
    const the = await atWork(kind);
    const before = creates();
    const [failed, doubtful] = [await the.jobOf(the.failed), await the.jobOf(the.doubtful)];
    await the.ask('PUT', `/api/queues/register-lead/${doubtful?.id}/retry`);
    await isRefused(the, before);
    await the.ask('PUT', `/api/queues/register-lead/${failed?.id}/retry`);
    await isReplayed(the, before);
  });

  it('all failed jobs in Bull Board gets the same for each', async () => {
    const the = await atWork(kind);
    const before = creates();
    await the.ask('PUT', '/api/queues/register-lead/retry/failed');
    await isReplayed(the, before);
    await isRefused(the, before + 1);
  });

  it("by BullMQ's own queue gets the same", async () => {
    const the = await atWork(kind);
    const before = creates();
    await (await the.jobOf(the.doubtful))?.retry();
    await isRefused(the, before);
    await the.queue.retryJobs({ state: 'failed' });
    await isReplayed(the, before);
    await isRefused(the, before + 1);
  });

  it('what is no failed row of its own job changes nothing at the API: duplicated, promoted, rewritten', async () => {
    const the = await atWork(kind);
    const registered = await bench.leadRow();
    await eventually('a registered row', async () => {
      await the.feeder.tick();
      return (await look(registered)).state === 'registered';
    });
    const before = creates();
    for (const rowId of [registered, the.doubtful, the.failed]) {
      // Duplicated, as Bull Board does it: the same data under an id of the queue's own; and delayed, then promoted.
      await the.ask('POST', '/api/queues/register-lead/add', { name: 'register-lead', data: { rowId, version: 0 } });
      const added = (await the.ask('POST', '/api/queues/register-lead/add', {
        name: 'register-lead',
        data: { rowId, version: 0 },
        options: { delay: 3_600_000 },
      })) as { readonly job: { readonly id: string } };
      await the.ask('PUT', `/api/queues/register-lead/${added.job.id}/promote`);
    }
    // A job of one row that is told to be another's.
    const own = await the.jobOf(the.failed);
    await the.ask('PATCH', `/api/queues/register-lead/${own?.id}/update-data`, {
      jobData: { rowId: the.doubtful, version: 0 },
    });
    await the.ask('PUT', `/api/queues/register-lead/${own?.id}/retry`);
    await eventually('an empty queue', async () => {
      const { waiting, active, delayed } = await the.queue.getJobCounts('waiting', 'active', 'delayed');
      return waiting === 0 && active === 0 && delayed === 0;
    });
    expect(creates()).toBe(before);
    expect([await look(registered), await look(the.doubtful), await look(the.failed)]).toMatchObject([
      { state: 'registered' },
      { state: 'in_doubt' },
      { state: 'failed' },
    ]);
  });

  it('sees ids in a job, and nothing of a person', async () => {
    const the = await atWork(kind);
    const job = await the.jobIs(the.failed, 'failed');
    const shown = JSON.stringify(await the.ask('GET', `/api/queues/register-lead/${job.id}`));
    expect(job.data).toEqual({ rowId: the.failed, version: expect.any(Number) });
    for (const personal of ['99000001S', '600000001', 'Persona', 'incidencia']) expect(shown).not.toContain(personal);
  });

  it('is nobody while a row fails between being read as due and being offered', async () => {
    const the = await atWork(kind);
    // Fails with its first job.
    mood = 'agentless';
    const id = await bench.leadRow();
    let isRead = false;
    const late = createFeeder({
      ...bench.ports,
      queue: the.connection,
      ledger: {
        ...bench.ports.ledger,
        async dueRows(...asked) {
          const due = await bench.ports.ledger.dueRows(...asked);
          if (!isRead && due.some((row) => row.id === id)) {
            isRead = true;
            await the.become(id, 'failed');
          }
          return due;
        },
      },
    });
    await late.tick();
    expect(isRead).toBe(true);
    await eventually('an idle queue', async () => {
      const { waiting, active } = await the.queue.getJobCounts('waiting', 'active');
      return waiting === 0 && active === 0;
    });
    expect((await bench.ports.ledger.history(id)).map(({ action }) => action)).not.toContain('row.replayed');
    await the.jobIs(id, 'failed');
  });
});
