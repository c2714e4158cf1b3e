import type { Job, JobEnd, JobName, JobQueue } from '../../src/app/ports/job-queue.ts';
import type { Process, World } from './world.ts';

/** A lock that its worker has not renewed for so long is nobody's. */
const lockMs = 30_000;

interface StoredJob {
  readonly job: Job;
  state: 'waiting' | 'active' | 'failed';
  holder: Process | null;
  redeliveries: number;
}

interface Waiting {
  readonly process: Process;
  readonly names: readonly JobName[];
  readonly resolve: (job: DeliveredJob) => void;
}

export interface DeliveredJob {
  readonly job: Job;
  readonly redeliveries: number;
}

export interface SimulatedQueue {
  /** The queue as one process sees it. */
  clientOf(process: Process): JobQueue;
  /** The next job of these names. */
  take(process: Process, names: readonly JobName[]): Promise<DeliveredJob>;
  finish(process: Process, job: Job, end: JobEnd): void;
  /** The lock of a job is not renewed any more, though its worker is well: its end could not be written. */
  letGo(process: Process, job: Job): void;
  /** Emptied, as after FLUSHALL. */
  flush(): void;
  /** Gives jobs back whose worker is dead or silent. */
  sweepStalled(): void;
  /** Chance that a job is soon given to a second worker although its first one is well. */
  twice: number;
  failedJobs(): readonly Job[];
  /** How often a person has retried jobs of a row. */
  retriesOf(rowId: string): number;
}

/** What BullMQ promises and no more: at least once, in no order, and an id that is queued already is left alone. */
export function createSimulatedQueue(world: World): SimulatedQueue {
  const jobs = new Map<string, StoredJob>();
  const retries = new Map<string, number>();
  let idle: Waiting[] = [];

  const giveBack = (stored: StoredJob): void => {
    stored.state = 'waiting';
    stored.holder = null;
    stored.redeliveries += 1;
    hand(stored);
  };

  /** To one of those who wait for such a job. */
  function hand(stored: StoredJob): void {
    idle = idle.filter(({ process }) => process.alive);
    const ready = idle.filter(({ process, names }) => process.pausedAt === null && names.includes(stored.job.name));
    if (ready.length === 0) return;
    const waiting = world.random.pick(ready);
    idle.splice(idle.indexOf(waiting), 1);
    stored.state = 'active';
    stored.holder = waiting.process;
    const delivered = { job: stored.job, redeliveries: stored.redeliveries };
    world.laterIn(waiting.process, world.random.between(0, 20), () => waiting.resolve(delivered));
    if (!world.random.chance(queue.twice)) return;
    world.later(world.random.between(0, 100), () => {
      if (stored.state === 'active' && stored.holder === waiting.process) giveBack(stored);
    });
  }

  function handAll(): void {
    for (const stored of jobs.values()) if (stored.state === 'waiting') hand(stored);
  }

  const queue: SimulatedQueue = {
    twice: 0,
    clientOf: (process) => ({
      backend: 'redis',
      async offer(offered, stillDue) {
        if (offered.length === 0) return;
        const isFailed = (job: Job) => jobs.get(job.id)?.state === 'failed';
        const failed = await world.call(process, async () => offered.filter(isFailed), 'read');
        const looksAgain = failed.length > 0 && stillDue !== undefined;
        const replaced = looksAgain ? await stillDue(failed) : failed;
        await world.call(process, async () => {
          for (const job of replaced) if (isFailed(job)) jobs.delete(job.id);
          for (const job of offered) {
            if (jobs.has(job.id)) continue;
            const stored: StoredJob = { job, state: 'waiting', holder: null, redeliveries: 0 };
            jobs.set(job.id, stored);
            hand(stored);
          }
        });
      },
      load: (name) =>
        world.call(
          process,
          async () => [...jobs.values()].filter(({ job, state }) => job.name === name && state !== 'failed').length,
          'read',
        ),
      retry: (_name, jobId) =>
        world.call(process, async () => {
          const stored = jobs.get(jobId);
          if (stored?.state !== 'failed') return false;
          const rowId = String(stored.job.payload['rowId']);
          retries.set(rowId, (retries.get(rowId) ?? 0) + 1);
          stored.state = 'waiting';
          hand(stored);
          return true;
        }),
    }),

    take: (process, names) =>
      new Promise((resolve) => {
        idle.push({ process, names, resolve });
        handAll();
      }),

    finish(process, job, end) {
      const stored = jobs.get(job.id);
      if (stored === undefined || stored.holder !== process) return;
      if (end.kind === 'done') jobs.delete(job.id);
      else {
        stored.state = 'failed';
        stored.holder = null;
      }
    },

    letGo(process, job) {
      const stored = jobs.get(job.id);
      if (stored?.holder === process && stored.state === 'active') stored.holder = null;
    },

    flush: () => jobs.clear(),

    sweepStalled() {
      for (const stored of jobs.values()) {
        const { holder } = stored;
        if (stored.state !== 'active') continue;
        const isSilent = holder?.pausedAt != null && world.now() - holder.pausedAt > lockMs;
        if (holder === null || !holder.alive || isSilent) giveBack(stored);
      }
      handAll();
    },

    retriesOf: (rowId) => retries.get(rowId) ?? 0,

    failedJobs: () => [...jobs.values()].filter(({ state }) => state === 'failed').map(({ job }) => job),
  };
  return queue;
}
