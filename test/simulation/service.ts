import { createLeader, type Lease } from '../../src/app/lead-the-work.ts';
import type { Clock, Ports } from '../../src/app/ports.ts';
import type { Job, JobContext, JobEnd, JobName } from '../../src/app/ports/job-queue.ts';
import { nobodySuppressed } from '../../src/app/ports/suppressions.ts';
import { pushStatusUpdate } from '../../src/app/push-status-update.ts';
import { registerLead } from '../../src/app/register-lead.ts';
import { createTraffic } from '../../src/app/traffic.ts';
import type { Partner } from '../../src/domain/partner.ts';
import type { MemoryLedger } from '../support/in-memory/ledger.ts';
import type { SimulatedQueue } from './job-queue.ts';
import { ledgerOfProcess } from './ledger-of-process.ts';
import { settings } from './limits.ts';
import { plainVault } from './plain-vault.ts';
import type { RemoteApi } from './remote-api.ts';
import type { Safeguard } from './safeguard.ts';
import { ledgerWithout } from './without.ts';
import type { Process, World } from './world.ts';

/** What all processes share: it outlives each of them. */
export interface Surroundings {
  readonly world: World;
  readonly ledger: MemoryLedger;
  readonly api: RemoteApi;
  readonly queue: SimulatedQueue;
  readonly partners: readonly Partner[];
  readonly without: ReadonlySet<Safeguard>;
  /** Who leads. */
  leader: Process | null;
}

export interface Service {
  readonly process: Process;
  /** As on SIGTERM: takes nothing more, gives what runs a moment, then goes. */
  stop(): void;
}

const heartbeatMs = 5_000;
const slots = 3;
const shutdownMs = 4_000;
const jobsOfWorkers: readonly JobName[] = ['register-lead', 'push-status', 'settle-file'];

/** One process of `leadsync run`: workers, a candidate for the lead, a heartbeat. All that it knows is lost with it. */
export function startService(around: Surroundings, id: string): Service {
  const { world, queue } = around;
  const process = world.newProcess(id);
  const reached = ledgerOfProcess(world, process, around.ledger);
  const ledger = ledgerWithout(reached, around.without);
  const stopping = new AbortController();
  const ending = new AbortController();
  const shared = {
    ledger,
    api: around.api.clientOf(process, !around.without.has('send_budget')),
    gate: {
      enter: async (signal: AbortSignal) => {
        await pause(world, process, world.random.between(0, world.random.chance(0.1) ? 2_000 : 3));
        signal.throwIfAborted();
        ending.signal.throwIfAborted();
        return {
          async begin(withinMs: number, signal: AbortSignal) {
            await pause(world, process, world.random.between(0, world.random.chance(0.05) ? 2 * withinMs : 3));
            return !world.random.chance(0.05) && !signal.aborted;
          },
          leave: () => undefined,
        };
      },
    },
    queue: queue.clientOf(process),
    vault: plainVault,
    suppressions: { read: async () => nobodySuppressed, leaveRow: async () => undefined },
    spool: { noteAnswer: () => undefined, noteRequest: () => undefined },
    log: { event: () => undefined },
    partners: {
      get: (partner: string) => around.partners.find((one) => one.id === partner) ?? null,
      list: () => around.partners,
      isBroken: () => false,
    },
    clock: clockOf(world, process),
    settings,
    instance: id,
    ending: ending.signal,
    stopping: stopping.signal,
  } satisfies Omit<Ports, 'folders' | 'records' | 'traffic'>;
  const ports = { ...shared, traffic: createTraffic(shared, { account: 'default', settings: 'here' }) };

  let isStopping = false;
  let busy = 0;

  async function work(): Promise<void> {
    while (!isStopping) {
      const { job, redeliveries } = await queue.take(process, jobsOfWorkers);
      busy += 1;
      const context = { jobId: job.id, redeliveries, signal: ending.signal };
      // Broken infrastructure completes the job: its row is due still.
      const end = await runJob(job, context).catch((): JobEnd => ({ kind: 'done', outcome: 'broken' }));
      await world.call(process, async () => queue.finish(process, job, end)).catch(() => queue.letGo(process, job));
      busy -= 1;
    }
  }

  function runJob({ name, payload }: Job, context: JobContext): Promise<JobEnd> {
    const row = { rowId: String(payload['rowId']), version: Number(payload['version']) };
    if (name === 'register-lead') return registerLead(ports, row, context);
    if (name === 'push-status') return pushStatusUpdate(ports, row, context);
    return reached.settle(String(payload['fileId'])).then(() => ({ kind: 'done', outcome: 'settled' }));
  }

  async function lead(): Promise<void> {
    const leader = createLeader(ports, leaseOf(around, process));
    while (!isStopping) {
      await leader.tick().catch(() => undefined);
      await pause(world, process, world.random.between(1_000, 4_000));
    }
  }

  async function beat(): Promise<void> {
    for (;;) {
      await pause(world, process, heartbeatMs);
      await ledger.heartbeat(id).catch(() => undefined);
    }
  }

  async function start(): Promise<void> {
    // A process that its ledger does not know yet does not work.
    while (!(await ledger.enrol({ id, host: 'here', pid: 1, roles: ['worker'] }).then(yes, no))) {
      await pause(world, process, 500);
    }
    for (let slot = 0; slot < slots; slot += 1) void work();
    void lead();
    void beat();
  }

  async function leave(): Promise<void> {
    for (let waited = 0; busy > 0 && waited < shutdownMs; waited += 100) await pause(world, process, 100);
    ending.abort(new Error('the process ends'));
    await pause(world, process, 50);
    if (busy === 0) await ledger.drained(id).catch(() => undefined);
    world.crash(process);
  }

  world.laterIn(process, 0, () => void start());
  return {
    process,
    stop() {
      if (isStopping) return;
      isStopping = true;
      stopping.abort();
      world.laterIn(process, 0, () => void leave());
    },
  };
}

/** A session lock of the database: it ends with its session, and a silent session is cut off sometime. */
function leaseOf(around: Surroundings, process: Process): Lease {
  const { world } = around;
  return {
    tryLead: () =>
      world.call(process, async () => {
        const { leader } = around;
        const isFree = leader === null || !leader.alive || (leader.pausedAt !== null && world.random.chance(0.2));
        if (isFree) around.leader = process;
        return around.leader === process;
      }),
  };
}

export function clockOf(world: World, process: Process): Clock {
  return {
    monotonicMs: () => world.now() - process.sleptMs,
    wallMs: () => world.now() + process.wallOffsetMs,
    random: world.random.next,
    newId: () => `attempt-${world.random.next()}-${world.random.next()}`,
  };
}

export function pause(world: World, process: Process, ms: number): Promise<void> {
  return new Promise((resolve) => world.laterIn(process, ms, resolve));
}

const yes = (): boolean => true;
const no = (): boolean => false;
