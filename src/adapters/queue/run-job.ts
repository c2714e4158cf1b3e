import { UnrecoverableError } from 'bullmq';
import type { JobContext, JobEnd } from '../../app/ports/job-queue.ts';
import type { TakenJob } from './queue-backend.ts';

export type RunJob = (payload: unknown, context: JobContext) => Promise<JobEnd>;

/**
 * The one place where a job's end becomes BullMQ's language. What is returned or thrown here ends in the queue's store
 * and in traces, so it is codes only.
 */
export async function runJob(
  job: TakenJob,
  signal: AbortSignal,
  run: RunJob,
  onInfrastructureError: (jobId: string, error: unknown) => void,
): Promise<{ readonly outcome: string }> {
  const jobId = job.id ?? 'none';
  const end = await endOf();
  if (end.kind === 'failed') throw new UnrecoverableError(end.code);
  return { outcome: end.outcome };

  async function endOf(): Promise<JobEnd> {
    try {
      return await run(job.data, { jobId, redeliveries: job.stalledCounter, signal });
    } catch (error) {
      // Completed and not failed: a failed job would keep its id, and the ledger still knows the work as due.
      onInfrastructureError(jobId, error);
      return { kind: 'done', outcome: 'infrastructure' };
    }
  }
}
