import type { Job } from '../../app/ports/job-queue.ts';

const jobId = /^[a-z][a-z0-9._-]{1,63}$/i;
const idInPayload = /^[a-z0-9._-]{1,64}$/i;

/**
 * The queue's door. Throws for a payload that holds more than ids, or an id that BullMQ would misread (all digits, `:`).
 * Personal data would lie in the store in clear; on PostgreSQL one NUL or lone surrogate loses the whole batch.
 */
export function demandIdsOnly(job: Job): void {
  if (!jobId.test(job.id)) throw new Error(`${job.name}: expected a job id like r12-v3`);
  for (const [key, value] of Object.entries(job.payload)) {
    const isId = typeof value === 'number' ? Number.isSafeInteger(value) : idInPayload.test(value);
    // Never the value: it may be the very data that must not be here.
    if (!isId) throw new Error(`${job.name} ${job.id}: expected an id in ${key}`);
  }
}
