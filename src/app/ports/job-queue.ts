/** The job types. Each is one file in jobs/ and one queue. */
export const jobNames = ['ingest-file', 'register-lead', 'push-status', 'settle-file'] as const;
export type JobName = (typeof jobNames)[number];

/** A job carries ids only: no personal data ever enters the queue. */
export interface Job {
  readonly name: JobName;
  /** `r<row>-v<version>` or `f<file>-…`: unique for one piece of due work, so that offering it twice is a no-op. Never all digits, no colon. */
  readonly id: string;
  readonly payload: Readonly<Record<string, string | number>>;
}

/** What a processor is told about its job beside the payload. */
export interface JobContext {
  readonly jobId: string;
  /** How often BullMQ itself has redelivered the job (its stalledCounter). A person's retry doesn't raise it. */
  readonly redeliveries: number;
  readonly signal: AbortSignal;
}

/**
 * How a job ends. `failed` leaves a failed job with the code alone as its reason, where an operator finds it. A processor
 * that throws met broken infrastructure: its job is completed, the ledger still knows the work as due and offers it again.
 */
export type JobEnd =
  | { readonly kind: 'done'; readonly outcome: string }
  | { readonly kind: 'failed'; readonly code: string };

/** Who works on what next. May be emptied at any time: the feeder fills it again from the ledger. */
export interface JobQueue {
  readonly backend: 'redis' | 'postgres';
  /**
   * Adds jobs. One whose id is queued already is left alone; a kept failed job of the same id is removed first. Where
   * such a job may just have failed by the work that is offered, `stillDue` says which of them to add all the same.
   */
  offer(jobs: readonly Job[], stillDue?: (failed: readonly Job[]) => Promise<readonly Job[]>): Promise<void>;
  /** How many jobs of a name wait or run. */
  load(name: JobName): Promise<number>;
  /** Retries a failed job, as a person does on the queue's own pages. False when there is no such failed job. */
  retry(name: JobName, jobId: string): Promise<boolean>;
}
