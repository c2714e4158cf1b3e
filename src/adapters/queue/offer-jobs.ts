import type { Job } from '../../app/ports/job-queue.ts';
import { demandIdsOnly } from './ids-only.ts';
import type { QueueBackend, QueueHandle } from './queue-backend.ts';

/**
 * Adds jobs of one name in two round trips, however many. BullMQ takes an id that is stored in any state as added
 * already: right for one that waits or runs, wrong for a kept failed one, which would swallow the offer.
 */
export async function offerJobs(
  backend: QueueBackend,
  queue: QueueHandle,
  jobs: readonly Job[],
  tracing: { contextOf(job: Job): string } | null = null,
): Promise<void> {
  const [first] = jobs;
  if (first === undefined) return;
  for (const job of jobs) demandIdsOnly(job);
  const failed = await backend.keptFailed(
    first.name,
    jobs.map(({ id }) => id),
  );
  await Promise.all(failed.map((id) => queue.remove(id)));
  await queue.addBulk(
    jobs.map((job) => ({
      name: job.name,
      data: job.payload,
      opts: { jobId: job.id, ...(tracing === null ? {} : { telemetry: { metadata: tracing.contextOf(job) } }) },
    })),
  );
}
