import type { Job, JobsOptions, WorkerOptions } from 'bullmq';

/** What we use of a BullMQ queue. BullMQ's own types differ by backend. */
export interface QueueHandle {
  on(event: 'error', listener: (error: Error) => void): unknown;
  addBulk(jobs: { name: string; data: unknown; opts: JobsOptions }[]): Promise<unknown>;
  getJobCounts(...states: ('waiting' | 'active' | 'delayed' | 'prioritized')[]): Promise<Record<string, number>>;
  getFailedCount(): Promise<number>;
  getJob(id: string): Promise<KeptJob | undefined>;
  close(): Promise<void>;
}

export interface KeptJob {
  isFailed(): Promise<boolean>;
  retry(state: 'failed'): Promise<void>;
  remove(): Promise<void>;
}

export interface WorkerHandle {
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(force?: boolean): Promise<void>;
}

/** A job in the hands of a worker. */
export type TakenJob = Pick<Job, 'id' | 'data' | 'stalledCounter'>;

/** BullMQ hands over its AbortSignal only to a processor that declares three parameters. */
export type ProcessJob = (job: TakenJob, token: string | undefined, signal: AbortSignal | undefined) => Promise<unknown>;

/** What differs between BullMQ's two backends; everything above it is the same. */
export interface QueueBackend {
  readonly kind: 'redis' | 'postgres';
  /** What an operator should know of the server. */
  readonly warnings: readonly string[];
  queue(name: string, options: JobsOptions): QueueHandle;
  worker(name: string, processor: ProcessJob, options: Omit<WorkerOptions, 'connection' | 'prefix'>): WorkerHandle;
  /** After all queues and workers. */
  close(): Promise<void>;
}
