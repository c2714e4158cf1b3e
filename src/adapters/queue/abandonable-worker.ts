import { type IQueueBackend, type JobProgress, Worker } from 'bullmq';

/**
 * A worker that can be left behind. BullMQ's close() waits for the jobs in progress without a limit, a second and forced
 * call of it changes nothing, and pause() opens a new connection when the last job has ended at last.
 */
export class AbandonableWorker<B extends IQueueBackend, C> extends Worker<unknown, unknown, string, B, JobProgress, C> {
  /** Aborts the signals of the jobs in progress and lets go of their locks, which run out, and of its connections. */
  async abandon(): Promise<void> {
    this.cancelAllJobs('the deadline is over');
    await this.lockManager.close();
    await this.backend.close(true);
  }
}
