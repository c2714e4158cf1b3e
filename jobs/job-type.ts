import type { z } from 'zod';
import type { JobContext, JobEnd, JobName } from '../src/app/ports/job-queue.ts';
import type { Ports } from '../src/app/ports.ts';

interface JobOptions {
  /** `intake` jobs run only where the inbox can be seen. */
  readonly role: 'intake' | 'worker';
  /** Jobs of this type at once in one process. */
  readonly concurrency: (settings: { readonly rowsInProgress: number }) => number;
}

/** A job type as the queue runs it. */
export interface JobType {
  readonly name: JobName;
  readonly options: JobOptions;
  /** Parses the payload, then processes it. A payload of another shape is a bug and throws. */
  run(ports: Ports, payload: unknown, context: JobContext): Promise<JobEnd>;
}

/** The one shape of all job types: a name that is the file's, a payload of ids, options with a reason each, and a processor that calls one use case. */
export function jobType<Payload>(definition: {
  readonly name: JobName;
  readonly payload: z.ZodType<Payload>;
  readonly options: JobOptions;
  process(ports: Ports, payload: Payload, context: JobContext): Promise<JobEnd>;
}): JobType {
  return {
    name: definition.name,
    options: definition.options,
    run: (ports, payload, context) => definition.process(ports, definition.payload.parse(payload), context),
  };
}
