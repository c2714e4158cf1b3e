import type { z } from 'zod';
import type { JobContext, JobEnd, JobName } from '../src/app/ports/job-queue.ts';
import type { Ports } from '../src/app/ports.ts';

/** The one shape of all job types: a name that is the file's, a payload of ids, options with a reason each, and a processor that calls one use case. */
export interface JobType<Payload = unknown> {
  readonly name: JobName;
  readonly payload: z.ZodType<Payload>;
  readonly options: {
    /** `intake` jobs run only where the inbox can be seen. */
    readonly role: 'intake' | 'worker';
    /** Jobs of this type at once in one process. */
    readonly concurrency: (settings: { readonly rowsInProgress: number }) => number;
  };
  process(ports: Ports, payload: Payload, context: JobContext): Promise<JobEnd>;
}
