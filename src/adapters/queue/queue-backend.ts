import type { Job, JobsOptions, WorkerOptions } from 'bullmq';

/** What we use of a BullMQ queue. BullMQ's own types differ by backend. */
export interface QueueHandle {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  addBulk(jobs: { name: string; data: unknown; opts: JobsOptions }[]): Promise<unknown>;
  /** Strings: `paused` is missing in BullMQ's type, and where PostgreSQL counts what waits in a paused queue. */
  getJobCounts(...states: string[]): Promise<Record<string, number>>;
  getJob(id: string): Promise<KeptJob | undefined>;
  remove(id: string): Promise<number>;
  close(): Promise<void>;
}

export interface KeptJob {
  isFailed(): Promise<boolean>;
  retry(state: 'failed'): Promise<void>;
}

export interface WorkerHandle {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  /** Takes nothing more; resolves when the jobs in progress have ended and BullMQ knows. */
  close(): Promise<void>;
  /** After close(): gives up the jobs that are still in progress. */
  abandon(): Promise<void>;
}

/** A job in the hands of a worker. */
export type TakenJob = Pick<Job, 'id' | 'data' | 'stalledCounter'>;

/** BullMQ hands over its AbortSignal only to a processor that declares three parameters. */
export type ProcessJob = (
  job: TakenJob,
  token: string | undefined,
  signal: AbortSignal | undefined,
) => Promise<unknown>;

/** What differs between BullMQ's two backends; everything above it is the same. */
export interface QueueBackend {
  readonly kind: 'redis' | 'postgres';
  /** What an operator should know of the server. */
  readonly warnings: readonly string[];
  queue(name: string, options: JobsOptions): QueueHandle;
  worker(name: string, processor: ProcessJob, options: Omit<WorkerOptions, 'connection' | 'prefix'>): WorkerHandle;
  /** Those of `ids` that are kept as failed jobs, in one round trip: BullMQ itself can only be asked one by one. */
  keptFailed(name: string, ids: readonly string[]): Promise<readonly string[]>;
  /** After all queues and workers. */
  close(): Promise<void>;
}
