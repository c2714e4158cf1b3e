import type { Job } from '../../app/ports/job-queue.ts';
import { demandIdsOnly } from './ids-only.ts';
import type { QueueBackend, QueueHandle } from './queue-backend.ts';

export interface OfferOptions {
  /** Asked once a job is known to have failed, so that what it says of the ledger is younger than the failure. */
  readonly stillDue?: ((failed: readonly Job[]) => Promise<readonly Job[]>) | undefined;
  readonly tracing?: { contextOf(job: Job): string } | null;
}

/**
 * Adds jobs of one name in two round trips, however many. BullMQ takes an id that is stored in any state as added
 * already: right for one that waits or runs, wrong for a kept failed one, which would swallow the offer.
 */
export async function offerJobs(
  backend: QueueBackend,
  queue: QueueHandle,
  jobs: readonly Job[],
  { stillDue, tracing = null }: OfferOptions = {},
): Promise<void> {
  const [first] = jobs;
  if (first === undefined) return;
  for (const job of jobs) demandIdsOnly(job);
  const kept = new Set(
    await backend.keptFailed(
      first.name,
      jobs.map(({ id }) => id),
    ),
  );
  const failed = jobs.filter(({ id }) => kept.has(id));
  const replaced = failed.length === 0 || stillDue === undefined ? failed : await stillDue(failed);
  await Promise.all(replaced.map(({ id }) => queue.remove(id)));
  // A failed one that stays would be left alone by BullMQ too.
  await queue.addBulk(
    jobs.map((job) => ({
      name: job.name,
      data: job.payload,
      opts: { jobId: job.id, ...(tracing === null ? {} : { telemetry: { metadata: tracing.contextOf(job) } }) },
    })),
  );
}
