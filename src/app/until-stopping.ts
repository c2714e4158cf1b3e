import type { Ports } from './ports.ts';
import type { JobEnd } from './ports/job-queue.ts';

/** Works a row until the process is told to stop: what then waits for its turn at the gate ends as stopped, with the row as it is. */
export async function untilStopping(
  { stopping }: Pick<Ports, 'stopping'>,
  work: () => Promise<JobEnd>,
): Promise<JobEnd> {
  try {
    return await work();
  } catch (error) {
    if (stopping.aborted && error === stopping.reason) return { kind: 'done', outcome: 'stopped' };
    throw error;
  }
}
