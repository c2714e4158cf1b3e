import { setTimeout as pause } from 'node:timers/promises';
import type { Job, JobName, JobQueue } from '../../app/ports/job-queue.ts';
import { jobOptions, workerOptions } from './job-options.ts';
import { openPostgresBackend } from './postgres-backend.ts';
import type { QueueBackend, QueueHandle, WorkerHandle } from './queue-backend.ts';
import { openRedisBackend } from './redis-backend.ts';
import { runJob, type RunJob } from './run-job.ts';

export type QueueTarget =
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'postgres'; readonly databaseUrl: string };

export interface WorkedType {
  readonly name: JobName;
  readonly concurrency: number;
  readonly process: RunJob;
}

export interface QueueConnection extends JobQueue {
  readonly warnings: readonly string[];
  /** Begins to work. A type is worked once per process. */
  work(types: readonly WorkedType[]): void;
  /** Lets jobs in progress end, for `deadlineMs` at most; then closes. Idempotent. */
  close(deadlineMs: number): Promise<{ readonly drained: boolean }>;
}

export interface QueueOptions {
  /** Keeps installations on one server apart. */
  readonly prefix: string;
  /** The server is away or has refused something; BullMQ goes on by itself. */
  readonly onError: (code: string) => void;
  readonly onInfrastructureError: (name: JobName, jobId: string, error: unknown) => void;
  /** Shorter times than `workerOptions`, for tests. */
  readonly timing?: Partial<typeof workerOptions>;
}

const names: readonly JobName[] = ['ingest-file', 'register-lead', 'push-status', 'settle-file'];

/** Connects to the queue on either backend. Throws a ConfigFault when Redis doesn't answer. */
export async function connectQueue(target: QueueTarget, options: QueueOptions): Promise<QueueConnection> {
  const backend =
    target.kind === 'redis'
      ? await openRedisBackend(target.url, options.prefix)
      : await openPostgresBackend(target.databaseUrl, options.prefix);
  const listen = <T extends QueueHandle | WorkerHandle>(source: T): T => {
    // Without a listener an outage of the server would end the process.
    source.on('error', (error: Error) => options.onError(codeOf(error)));
    return source;
  };
  const queues = new Map(names.map((name) => [name, listen(backend.queue(name, jobOptions))]));
  const workers: WorkerHandle[] = [];
  const queueOf = (name: JobName): QueueHandle => {
    const queue = queues.get(name);
    if (queue === undefined) throw new Error(`no queue ${name}`);
    return queue;
  };

  let closing: Promise<{ readonly drained: boolean }> | null = null;
  return {
    backend: backend.kind,
    warnings: backend.warnings,

    async offer(jobs) {
      for (const [name, own] of groupByName(jobs)) await offerTo(queueOf(name), own);
    },

    async load(name) {
      const counts = await queueOf(name).getJobCounts('waiting', 'active', 'delayed', 'prioritized');
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },

    async retry(name, jobId) {
      const job = await queueOf(name).getJob(jobId);
      if (job === undefined || !(await job.isFailed())) return false;
      await job.retry('failed');
      return true;
    },

    work(types) {
      for (const { name, concurrency, process } of types) {
        const worker = backend.worker(
          name,
          (job, _token, signal) =>
            runJob(job, signal ?? new AbortController().signal, process, (jobId, error) =>
              options.onInfrastructureError(name, jobId, error),
            ),
          { concurrency, ...workerOptions, ...options.timing },
        );
        workers.push(listen(worker));
      }
    },

    close: (deadlineMs) => (closing ??= closeAll(backend, [...queues.values()], workers, deadlineMs)),
  };
}

function groupByName(jobs: readonly Job[]): ReadonlyMap<JobName, Job[]> {
  return Map.groupBy(jobs, (job) => job.name);
}

/** A kept failed job would swallow the offer of the same id: it is removed first. Looked for only where failed jobs are kept. */
async function offerTo(queue: QueueHandle, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return;
  if ((await queue.getFailedCount()) > 0) await removeFailed(queue, jobs);
  await queue.addBulk(jobs.map(({ name, id, payload }) => ({ name, data: payload, opts: { jobId: id } })));
}

async function removeFailed(queue: QueueHandle, jobs: readonly Job[]): Promise<void> {
  for (const { id } of jobs) {
    const kept = await queue.getJob(id);
    if (kept !== undefined && (await kept.isFailed())) await kept.remove();
  }
}

/** Workers first, so that nothing is taken any more; a hanging job doesn't keep the process: it is found stalled and done again. */
async function closeAll(
  backend: QueueBackend,
  queues: readonly QueueHandle[],
  workers: readonly WorkerHandle[],
  deadlineMs: number,
): Promise<{ readonly drained: boolean }> {
  const timer = new AbortController();
  const drained = await Promise.race([
    Promise.all(workers.map((worker) => worker.close())).then(() => true),
    pause(deadlineMs, false, { signal: timer.signal }).catch(() => false),
  ]);
  timer.abort();
  if (!drained) await Promise.race([Promise.all(workers.map((worker) => worker.close(true))), pause(2_000)]);
  await Promise.race([Promise.all(queues.map((queue) => queue.close())), pause(2_000)]);
  await Promise.race([backend.close(), pause(2_000)]);
  return { drained };
}

/** A library's code for an error; its message may hold anything. */
function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
