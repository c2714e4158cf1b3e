import { setTimeout as pause } from 'node:timers/promises';
import type { QueueBackend, QueueHandle, WorkerHandle } from './queue-backend.ts';

/** What is left to do once the jobs have ended takes milliseconds, unless the server is away or frozen. */
const closeWithinMs = 2_000;

/**
 * Workers first, so that nothing more is taken: their jobs have `deadlineMs` to end. What hangs beyond it gets its signal
 * aborted and is left behind: its lock runs out and it is done again, by us or another. Never throws, always ends.
 */
export async function closeInOrder(
  {
    backend,
    queues,
    workers,
  }: { backend: QueueBackend; queues: readonly QueueHandle[]; workers: readonly WorkerHandle[] },
  deadlineMs: number,
): Promise<{ readonly drained: boolean }> {
  const drained = await within(
    deadlineMs,
    workers.map((worker) => worker.close()),
  );
  if (!drained) {
    await within(
      closeWithinMs,
      workers.map((worker) => worker.abandon()),
    );
  }
  await within(
    closeWithinMs,
    queues.map((queue) => queue.close()),
  );
  await within(closeWithinMs, [backend.close()]);
  return { drained };
}

/** Whether all of it was done in time, and without an error. */
async function within(limitMs: number, work: readonly Promise<unknown>[]): Promise<boolean> {
  const timer = new AbortController();
  const done = Promise.all(work).then(
    () => true,
    () => false,
  );
  const late = pause(limitMs, false, { signal: timer.signal }).catch(() => false);
  return Promise.race([done, late]).finally(() => timer.abort());
}
