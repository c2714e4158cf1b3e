import { UnrecoverableError } from 'bullmq';
import type { JobContext, JobEnd } from '../../app/ports/job-queue.ts';
import type { TakenJob } from './queue-backend.ts';

export type RunJob = (payload: unknown, context: JobContext) => Promise<JobEnd>;

/**
 * The one place where a job's end becomes BullMQ's language. What is returned or thrown here ends in the queue's store
 * and in traces, so it is codes only. A processor that throws met broken infrastructure: its job is completed, or its
 * id would block the row for good; the ledger still knows the work as due.
 */
export async function runJob(
  job: TakenJob,
  signal: AbortSignal,
  run: RunJob,
  onInfrastructureError: (jobId: string, error: unknown) => void,
): Promise<{ readonly outcome: string }> {
  const jobId = job.id ?? 'none';
  const end = await run(job.data, { jobId, redeliveries: job.stalledCounter, signal }).catch((error: unknown) => {
    onInfrastructureError(jobId, error);
    return { kind: 'done', outcome: 'infrastructure' } as const;
  });
  if (end.kind === 'failed') throw new UnrecoverableError(end.code);
  return { outcome: end.outcome };
}
