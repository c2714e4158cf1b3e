import type { JobsOptions, WorkerOptions } from 'bullmq';

/** The queue only wakes workers; the ledger owns retries and knows what is done. */
export const jobOptions: JobsOptions = {
  // A retry by the queue would be a second opinion about sending.
  attempts: 1,
  // The ledger remembers; a kept id would swallow the next offer of the same work.
  removeOnComplete: true,
  // Rows that ended failed or in doubt stay for people to find and retry; two weeks and ten thousand bound the memory.
  removeOnFail: { age: 14 * 24 * 3600, count: 10_000 },
  // A stack trace holds paths and messages of libraries; the reason is the code alone.
  stackTraceLimit: 0,
  // Ids only: anything larger is a bug that carries data.
  sizeLimit: 256,
};

export const workerOptions = {
  // A redelivery is harmless, the ledger decides; so a killed worker's jobs are taken up again soon.
  lockDuration: 15_000,
  stalledInterval: 5_000,
  // With 1, a second crash would fail the job though its row is fine.
  maxStalledCount: 100,
  // How soon an idle worker looks by itself, should a wake-up get lost; s.
  drainDelay: 5,
  // After an outage, ms. BullMQ's 15 s are longer than the lock: every job that ended meanwhile would be done again.
  runRetryDelay: 1_000,
} satisfies Partial<WorkerOptions>;
