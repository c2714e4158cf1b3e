import type { Job } from 'bullmq';
import { describe, expect, test } from 'vitest';
import type { JobEnd } from '../../../src/app/ports/job-queue.ts';
import { eventually } from '../../support/eventually.ts';
import { kinds, openQueue, type QueueUnderTest, rowJob } from './queue-under-test.ts';
import { recordingProcessor } from './recording-processor.ts';

const name = 'register-lead';
const failed = async (): Promise<JobEnd> => ({ kind: 'failed', code: 'API_REFUSED' });
const hanging = (): Promise<JobEnd> => new Promise(() => undefined);
/** So that a lost job is found within a test's patience. */
const impatient = { lockDuration: 600, stalledInterval: 300 };

describe.each(kinds)('the queue on %s', (kind) => {
  test('runs a job that was offered twice once', async () => {
    const { connection } = await openQueue(kind);
    await connection.offer([rowJob('r1-v1')]);
    await connection.offer([rowJob('r1-v1'), rowJob('r2-v1')]);
    expect(await connection.load(name)).toBe(2);

    const { process, runs } = recordingProcessor();
    await connection.work([{ name, concurrency: 2, process }]);
    await eventually('an empty queue', async () => (await connection.load(name)) === 0);
    expect(runs.map((run) => run.jobId)).toEqual(['r1-v1', 'r2-v1']);
  });

  test('hands the payload, the id and a signal to the processor', async () => {
    const { connection } = await openQueue(kind);
    const processor = recordingProcessor();
    await connection.work([{ name, concurrency: 1, process: processor.process }]);
    await connection.offer([rowJob('r7-v3')]);
    const run = await processor.next();
    expect(run).toMatchObject({ jobId: 'r7-v3', redeliveries: 0, payload: { rowId: '7', version: 3 } });
    expect(run.signal.aborted).toBe(false);
  });

  test('keeps the job types apart, in one offer', async () => {
    const { connection } = await openQueue(kind);
    await connection.offer([rowJob('r1-v1'), { name: 'ingest-file', id: 'f1-ingest', payload: { fileId: '1' } }]);
    expect(await connection.load(name)).toBe(1);
    expect(await connection.load('ingest-file')).toBe(1);
    expect(await connection.load('push-status')).toBe(0);
  });

  test('runs the same row again: under its next version, and under the same id once that has ended', async () => {
    const { connection } = await openQueue(kind);
    const processor = recordingProcessor();
    await connection.work([{ name, concurrency: 1, process: processor.process }]);
    for (const id of ['r1-v1', 'r1-v2', 'r1-v2']) {
      await connection.offer([rowJob(id)]);
      expect((await processor.next()).jobId).toBe(id);
      await eventually('its end', async () => (await connection.load(name)) === 0);
    }
  });

  test('counts what waits in a paused queue, so that nobody fills it without end', async () => {
    const queue = await openQueue(kind);
    await queue.person(name).pause();
    await queue.connection.offer([rowJob('r1-v1')]);
    expect(await queue.connection.load(name)).toBe(1);
  });

  test('keeps of a failed job its code and nothing else', async () => {
    const queue = await openQueue(kind);
    await queue.connection.work([{ name, concurrency: 1, process: failed }]);
    await queue.connection.offer([rowJob('r1-v1')]);
    const job = await failedJob(queue, 'r1-v1');
    expect(job.failedReason).toBe('API_REFUSED');
    expect(job.stacktrace).toEqual([]);
    expect(job.returnvalue ?? null).toBeNull();
  });

  test.each(['by a person', 'by us'])(
    'runs a failed job again that is retried %s, which is no redelivery',
    async (by) => {
      const queue = await openQueue(kind);
      const processor = recordingProcessor(failed);
      await queue.connection.work([{ name, concurrency: 1, process: processor.process }]);
      await queue.connection.offer([rowJob('r1-v1')]);
      await processor.next();
      const job = await failedJob(queue, 'r1-v1');
      if (by === 'by a person') await job.retry();
      else expect(await queue.connection.retry(name, 'r1-v1')).toBe(true);
      expect(await processor.next()).toMatchObject({ jobId: 'r1-v1', redeliveries: 0 });
    },
  );

  test('has nothing to retry where no failed job is kept', async () => {
    const { connection } = await openQueue(kind);
    await connection.offer([rowJob('r1-v1')]);
    expect(await connection.retry(name, 'r1-v1')).toBe(false);
    expect(await connection.retry(name, 'r9-v9')).toBe(false);
  });

  test('a kept failed job does not block its id', async () => {
    const queue = await openQueue(kind);
    const processor = recordingProcessor(failed);
    await queue.connection.work([{ name, concurrency: 1, process: processor.process }]);
    await queue.connection.offer([rowJob('r1-v1')]);
    await processor.next();
    await failedJob(queue, 'r1-v1');

    await queue.connection.offer([rowJob('r1-v1', { rowId: '7', version: 4 }), rowJob('r2-v1')]);
    expect(await processor.next()).toMatchObject({ jobId: 'r1-v1', payload: { version: 4 } });
    expect((await processor.next()).jobId).toBe('r2-v1');
  });

  test('a kept failed job stays where its work is not due any more', async () => {
    const queue = await openQueue(kind);
    const processor = recordingProcessor(failed);
    await queue.connection.work([{ name, concurrency: 1, process: processor.process }]);
    await queue.connection.offer([rowJob('r1-v1'), rowJob('r2-v1')]);
    await processor.next();
    await processor.next();
    await failedJob(queue, 'r1-v1');
    await failedJob(queue, 'r2-v1');

    const asked: string[] = [];
    await queue.connection.offer([rowJob('r1-v1'), rowJob('r2-v1'), rowJob('r3-v1')], async (jobs) => {
      asked.push(...jobs.map(({ id }) => id));
      return jobs.filter(({ id }) => id === 'r2-v1');
    });
    expect(asked.toSorted(), 'those that failed').toEqual(['r1-v1', 'r2-v1']);
    const runs = await eventually('two more runs', async () => processor.runs.length >= 4 && processor.runs, 60_000);
    expect(
      runs
        .slice(2)
        .map(({ jobId }) => jobId)
        .toSorted(),
    ).toEqual(['r2-v1', 'r3-v1']);
    expect(await (await failedJob(queue, 'r1-v1')).getState()).toBe('failed');
  });

  test('a processor that throws leaves no failed job, and its id can be offered again', async () => {
    const queue = await openQueue(kind);
    const broken = new Error('the ledger is away');
    const processor = recordingProcessor(async () => {
      throw broken;
    });
    await queue.connection.work([{ name, concurrency: 1, process: processor.process }]);
    for (const run of [1, 2]) {
      await queue.connection.offer([rowJob('r1-v1')]);
      await processor.next();
      await eventually('its end', async () => (await queue.connection.load(name)) === 0);
      expect(await queue.person(name).getJob('r1-v1')).toBeUndefined();
      expect(queue.infrastructureErrors).toEqual(Array(run).fill([name, 'r1-v1', broken]));
    }
  });

  test('delivers a job again whose worker has died, and says so', async () => {
    const queue = await openQueue(kind, { timing: impatient });
    const dying = recordingProcessor(hanging);
    await queue.connection.work([{ name, concurrency: 1, process: dying.process }]);
    await queue.connection.offer([rowJob('r1-v1')]);
    await dying.next();
    await queue.connection.close(0);

    const heir = recordingProcessor();
    const other = await queue.again();
    await other.connection.work([{ name, concurrency: 1, process: heir.process }]);
    expect(await heir.next()).toMatchObject({ jobId: 'r1-v1', redeliveries: 1 });
  });

  test('refuses a job that carries more than ids, and adds none of its batch', async () => {
    const { connection } = await openQueue(kind);
    for (const value of ['a\0b', '\uD800', 'María López', 'maria@example.org', '', 1.5, Number.NaN]) {
      await expect(connection.offer([rowJob('r1-v1'), rowJob('r2-v1', { rowId: value })])).rejects.toThrow(
        'expected an id in rowId',
      );
    }
    for (const id of ['123', 'r1:v1', '']) await expect(connection.offer([rowJob(id)])).rejects.toThrow('job id');
    expect(await connection.load(name)).toBe(0);
  });

  test('closing lets jobs in progress end, and takes no more', async () => {
    const { connection } = await openQueue(kind);
    const answer = Promise.withResolvers<JobEnd>();
    const processor = recordingProcessor(() => answer.promise);
    await connection.work([{ name, concurrency: 1, process: processor.process }]);
    await connection.offer([rowJob('r1-v1'), rowJob('r2-v1')]);
    const run = await processor.next();
    const closed = connection.close(30_000);
    expect(connection.close(0)).toBe(closed);
    answer.resolve({ kind: 'done', outcome: 'registered' });
    expect(await closed).toEqual({ drained: true });
    expect(run.signal.aborted).toBe(false);
    expect(processor.runs).toHaveLength(1);
  });

  test('closing ends though a job hangs: its signal is aborted', async () => {
    const { connection } = await openQueue(kind);
    const processor = recordingProcessor(hanging);
    await connection.work([{ name, concurrency: 1, process: processor.process }]);
    await connection.offer([rowJob('r1-v1')]);
    const run = await processor.next();
    const begun = performance.now();
    expect(await connection.close(50)).toEqual({ drained: false });
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(run.signal.aborted).toBe(true);
  });

  test('closing an idle queue does not wait for the deadline', async () => {
    const { connection } = await openQueue(kind);
    await connection.work([{ name, concurrency: 1, process: failed }]);
    const begun = performance.now();
    expect(await connection.close(30_000)).toEqual({ drained: true });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

async function failedJob(queue: QueueUnderTest, id: string): Promise<Job> {
  const person = queue.person(name);
  return eventually('a failed job', async () => {
    const job = await person.getJob(id);
    // What was read before it failed lacks the reason.
    return (await job?.isFailed()) ? person.getJob(id) : null;
  });
}
