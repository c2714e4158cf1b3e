import type { Telemetry } from 'bullmq';
import type { QueueBoard } from '../../app/ports/queue-board.ts';
import { jobNames } from '../../app/ports/job-queue.ts';
import type { Job, JobName, JobQueue } from '../../app/ports/job-queue.ts';
import { closeInOrder } from './close-in-order.ts';
import { codeOfError } from './code-of-error.ts';
import { jobOptions, workerOptions } from './job-options.ts';
import { nowAndThen } from './now-and-then.ts';
import { offerJobs } from './offer-jobs.ts';
import { openPostgresBackend } from './postgres-backend.ts';
import type { QueueHandle, WorkerHandle } from './queue-backend.ts';
import { openRedisBackend } from './redis-backend.ts';
import { runJob, type RunJob } from './run-job.ts';

export type QueueTarget =
  | {
      readonly kind: 'redis';
      readonly url: string;
      /** PEM. Of a rediss:// one; defaults to the authorities that Node trusts. */
      readonly ca?: string;
    }
  | { readonly kind: 'postgres'; readonly databaseUrl: string };

export interface WorkedType {
  readonly name: JobName;
  readonly concurrency: number;
  readonly process: RunJob;
}

export interface QueueConnection extends JobQueue {
  /** What an operator should know of the server, a sentence each. */
  readonly warnings: readonly string[];
  /** Bull Board over these queues; loaded when somebody looks. */
  board(): Promise<QueueBoard>;
  /** Begins to work; resolves when every worker is connected. A type is worked once per process. */
  work(types: readonly WorkedType[]): Promise<void>;
  /**
   * Lets jobs in progress end, for `deadlineMs` at most, and closes everything. What hangs longer is left behind
   * (`drained: false`) and done again later. Idempotent; never throws.
   */
  close(deadlineMs: number): Promise<{ readonly drained: boolean }>;
}

export interface QueueOptions {
  /** Keeps installations on one Redis apart. */
  readonly prefix: string;
  /** The server is away or has refused something; BullMQ goes on by itself. A code is repeated every 5 s at most. */
  readonly onError: (code: string) => void;
  /** A processor threw. Its job is completed; the ledger still knows the work as due. */
  readonly onInfrastructureError: (name: JobName, jobId: string, error: unknown) => void;
  /** Traces of jobs, and what of them travels with each. Defaults to none. */
  readonly tracing?: QueueTracing | null;
  /** Other times than `workerOptions`, for tests. */
  readonly timing?: Partial<typeof workerOptions>;
}

export interface QueueTracing {
  readonly telemetry: Telemetry;
  contextOf(job: Job): string;
}

const repeatErrorsEveryMs = 5_000;

/** Connects to the queue on either backend. Throws a ConfigFault when Redis doesn't answer within 5 s. */
export async function connectQueue(target: QueueTarget, options: QueueOptions): Promise<QueueConnection> {
  const { tracing = null } = options;
  const traced = tracing === null ? {} : { telemetry: tracing.telemetry };
  const backend =
    target.kind === 'redis'
      ? await openRedisBackend(target, options.prefix, traced)
      : openPostgresBackend(target.databaseUrl, traced);
  const report = nowAndThen(options.onError, repeatErrorsEveryMs);
  const queues = new Map(jobNames.map((name) => [name, listening(backend.queue(name, jobOptions))]));
  const workers: WorkerHandle[] = [];

  function listening<T extends QueueHandle | WorkerHandle>(source: T): T {
    // Without a listener an outage of the server would end the process.
    source.on('error', (error) => report(codeOfError(error)));
    return source;
  }

  function queueOf(name: JobName): QueueHandle {
    const queue = queues.get(name);
    if (queue === undefined) throw new Error(`no queue ${name}`);
    return queue;
  }

  function startWorker({ name, concurrency, process }: WorkedType): void {
    const worker = backend.worker(
      name,
      // Three parameters without a default: BullMQ counts them, and gives no signal to fewer.
      (job, _token, signal) =>
        runJob(job, signal ?? new AbortController().signal, process, (jobId, error) =>
          options.onInfrastructureError(name, jobId, error),
        ),
      { ...workerOptions, ...options.timing, concurrency },
    );
    workers.push(listening(worker));
  }

  // BullMQ remembers a first connection that failed for good: a server that goes away before a queue or a worker is
  // ready would leave it dead for the life of the process. Once ready they survive outages.
  try {
    await Promise.all([...queues.values()].map((queue) => queue.waitUntilReady()));
  } catch (error) {
    await closeInOrder({ backend, queues: [...queues.values()], workers }, 0);
    throw error;
  }

  let closing: Promise<{ readonly drained: boolean }> | null = null;
  return {
    backend: backend.kind,
    warnings: backend.warnings,

    async offer(jobs, stillDue) {
      for (const [name, own] of Map.groupBy(jobs, (job) => job.name))
        await offerJobs(backend, queueOf(name), own, { stillDue, tracing });
    },

    async load(name) {
      const counts = await queueOf(name).getJobCounts('waiting', 'paused', 'active', 'delayed');
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },

    async retry(name, jobId) {
      const job = await queueOf(name).getJob(jobId);
      if (job === undefined || !(await job.isFailed())) return false;
      await job.retry('failed');
      return true;
    },

    async board() {
      const { createQueueBoard } = await import('./queue-board.ts');
      return createQueueBoard([...queues.values()]);
    },

    async work(types) {
      for (const type of types) startWorker(type);
      await Promise.all(workers.map((worker) => worker.waitUntilReady()));
    },

    close: (deadlineMs) => (closing ??= closeInOrder({ backend, queues: [...queues.values()], workers }, deadlineMs)),
  };
}
