import type { RunJob } from '../../../src/adapters/queue/run-job.ts';
import type { JobContext, JobEnd } from '../../../src/app/ports/job-queue.ts';

export interface Run extends JobContext {
  readonly payload: unknown;
}

export interface RecordingProcessor {
  readonly process: RunJob;
  readonly runs: readonly Run[];
  /** The next run that nobody has taken yet, as soon as it begins. */
  next(): Promise<Run>;
}

/** A processor that tells when it runs and ends as `end` says; done unless told. */
export function recordingProcessor(
  end: (run: Run) => Promise<JobEnd> = async () => ({ kind: 'done', outcome: 'registered' }),
): RecordingProcessor {
  const runs: Run[] = [];
  const arrivals: PromiseWithResolvers<Run>[] = [];
  const arrival = (index: number): PromiseWithResolvers<Run> => (arrivals[index] ??= Promise.withResolvers());
  let taken = 0;
  return {
    runs,
    process: (payload, context) => {
      const run = { ...context, payload };
      arrival(runs.push(run) - 1).resolve(run);
      return end(run);
    },
    next: () => arrival(taken++).promise,
  };
}
