import { hostname } from 'node:os';
import { createCallGate } from '../adapters/ledger/call-gate.ts';
import { isBrokenConnection } from '../adapters/ledger/broken-connection.ts';
import { createLeadership } from '../adapters/ledger/leadership.ts';
import { createRollCall } from '../adapters/ledger/roll-call.ts';
import { createBacklogMinutes } from '../adapters/ledger/backlog-minutes.ts';
import { createCallTallies } from '../adapters/ledger/call-tallies.ts';
import { createLog } from '../adapters/log/pino-log.ts';
import type { Tracing } from '../adapters/tracing/open-telemetry.ts';
import { connectQueue, type QueueConnection } from '../adapters/queue/connect-queue.ts';
import { cronSchedules } from '../adapters/schedule/cron-schedule.ts';
import { createDeliverer } from '../app/deliver.ts';
import { createNightEnds } from '../app/end-nights.ts';
import { createIntake } from '../app/intake.ts';
import { createDeliveryPruning } from '../app/prune-deliveries.ts';
import { createPersonIndexing } from '../app/index-persons.ts';
import { createNights, nightPatience } from '../app/keep-nights.ts';
import { createErasing } from '../app/carry-on-erasures.ts';
import { createRetaining } from '../app/carry-on-retention.ts';
import { createReplaying } from '../app/carry-on-replays.ts';
import { createBacklogNotes } from '../app/note-backlog.ts';
import { countCalls } from '../app/count-calls.ts';
import { createLeader } from '../app/lead-the-work.ts';
import type { Ports } from '../app/ports.ts';
import { createTraffic } from '../app/traffic.ts';
import type { Role, RunningService, ServiceOptions } from '../cli/service.ts';
import type { ApiConfig, Config } from '../config/config.ts';
import { judgeWebhookSecrets } from '../config/webhook-secrets.ts';
import { defaultAccount } from '../domain/account.ts';
import { ConfigFault } from '../domain/config-fault.ts';
import { jobTypes } from '../../jobs/index.ts';
import { createAuditSealing } from './audit-sealing.ts';
import { aboutThisProcess, hasEnded, instanceId } from './instance-id.ts';
import { startLoop, type Loop } from './loop.ts';
import { openApi } from './open-api.ts';
import { openConsole, type OpenConsole } from './open-console.ts';
import { asSpoolFault, openHostSpool } from './open-host-spool.ts';
import { openLedger, type MainLedger } from './open-ledger.ts';
import { openQueueStore, type QueueStore } from './open-stores.ts';
import { openTelling } from './open-telling.ts';
import { describeExcess } from './prepare-schema.ts';
import { openTraces, traceBeginning } from './trace-beginning.ts';
import { watchKey } from './watch-key.ts';
import { watchSpool } from './watch-spool.ts';
import { systemClock } from './system-clock.ts';

const heartbeatMs = 5_000;
const leaderMs = 500;
const refillMs = 50;
const intakeMs = 500;
const superviseMs = 1_000;
const reloadMs = 5_000;
const eraseMs = 1_000;
const retainMs = 60_000;
const keyLookMs = 10_000;
const outboxMs = 1_000;
const flushMs = 5_000;

/**
 * Starts the service in this process: intake, workers and the loops that keep them going. Any number of processes may run
 * on one ledger. `stop` ends in order: intake, leader, workers (what was sent is finished and written), queue, ledger.
 */
export async function startService(config: Config, options: ServiceOptions): Promise<RunningService> {
  if (config.api === null) {
    throw new ConfigFault(
      'CONFIG_INVALID',
      'LEADS_API_URL: expected the URL of the Leads API, found nothing (`leadsync demo` needs none)',
    );
  }
  const opened = await openLedger(config);
  let queueStore: QueueStore | null = null;
  let queue: QueueConnection | null = null;
  let console: OpenConsole | null = null;
  let tracing: Tracing | null = null;
  const instance = instanceId(systemClock.newId());
  try {
    queueStore = await openQueueStore(config, opened.store);
    const log = createLog({ level: options.logLevel ?? config.logLevel });
    tracing = await openTraces(config, { instance, ledgerId: opened.settings.ledgerId });
    queue = await connectQueue(queueStore.target, {
      tracing,
      prefix: `leadsync-${opened.stamp?.ledgerId ?? ''}`,
      onError: (code) => log.event('queueUnreachable', { code }),
      onInfrastructureError: (name, jobId, error) =>
        log.event('jobFailed', { queue: name, jobId, code: codeOf(error) }),
    });
    console = await ownConsole(config, options, { opened, log, queue });
    return await run(config, options, { instance, opened, queueStore, queue, log, console, tracing });
  } catch (error) {
    await console?.close();
    await queue?.close(0);
    await tracing?.close();
    await queueStore?.leave();
    await opened.close();
    throw error;
  }
}

interface Parts {
  readonly instance: string;
  /** Null: nothing is traced. */
  readonly tracing: Tracing | null;
  readonly opened: MainLedger;
  readonly queueStore: QueueStore;
  readonly queue: QueueConnection;
  readonly log: ReturnType<typeof createLog>;
  /** Null: this process has none. */
  readonly console: OpenConsole | null;
}

async function run(config: Config, options: ServiceOptions, parts: Parts): Promise<RunningService> {
  const { instance, opened, queueStore, queue, log, console, tracing } = parts;
  const api = config.api;
  if (api === null) throw new Error('unreachable: the caller has looked');
  const stopping = new AbortController();
  const ending = new AbortController();
  const apiSettings = fingerprintOf(api, opened.vault);
  const shared = {
    ...opened,
    log,
    clock: systemClock,
    instance,
    stopping: stopping.signal,
    ending: ending.signal,
  };
  const traffic = createTraffic(shared, { account: defaultAccount, settings: apiSettings });
  const gate = createCallGate({
    db: opened.db,
    account: defaultAccount,
    instance,
    ratePerSecond: traffic.ratePerSecond,
    concurrency: api.concurrency,
    sendBudgetMs: api.sendBudgetMs,
    timeoutMs: api.timeoutMs,
  });
  const spool = openHostSpool(config.folders.spool, { ledger: opened.settings.ledgerId, instance });
  const opening = openApi(api, config.environment);
  const calls = countCalls(tracing?.callsOf(opening) ?? opening, systemClock, createCallTallies(opened.db));
  const ports: Ports = {
    ...shared,
    spool,
    api: calls.api,
    traffic,
    gate,
    queue,
  };
  for (const fault of opened.partnerFaults)
    log.event('configRejected', { code: fault.code, partner: partnerOf(fault) });
  const excess = await describeExcess(opened.db);
  // What was refused under other settings is asked again under these.
  await opened.ledger.endHalts(
    defaultAccount,
    { exceptSettings: apiSettings },
    { actor: instance, reason: 'other settings of the API' },
  );
  const watches = has(options, 'intake') && options.watch;
  const roles = [...options.roles, ...(watches ? ['watch'] : [])];
  await opened.ledger.enrol({ id: instance, host: hostname(), pid: process.pid, roles, about: aboutThisProcess() });
  const versions = await noteVersions(config, opened, instance);

  const leadership = createLeadership(opened.store.url);
  const onError = (error: unknown): void => report(log, error);
  const loops: Loop[] = [
    startLoop(heartbeatMs, () => opened.ledger.heartbeat(instance), onError),
    startLoop(flushMs, () => calls.flush(), onError),
  ];
  if (opened.store.embedded !== null || queueStore.redis !== null)
    loops.push(startLoop(superviseMs, () => supervise(parts), onError));
  // Before the first job: what a ledger from a backup calls unsent may have been sent.
  const rollCall = createRollCall(opened.db, instance);
  const watching = watchSpool(
    { ...ports, spool, gap: opened.gap, announced: opened.announced, rollCall, hasEnded },
    hostname(),
    onError,
  );
  loops.push(
    await watching.catch(async (error: unknown) => {
      // They would keep a process alive that has not started.
      await Promise.all(loops.map((loop) => loop.stop()));
      throw asSpoolFault(error);
    }),
  );
  const said = new Set(opened.partnerFaults.map((fault) => fault.message));
  loops.push(startLoop(reloadMs, async () => reloadPartners(parts, said, versions), onError));
  const keyWatch = watchKey({ ...opened, log }, instance);
  loops.push(startLoop(keyLookMs, () => keyWatch.look(), onError));
  const acceptPorts = { ...ports, nights: opened.nights, schedules: cronSchedules };
  const intake = createIntake(acceptPorts);
  // Left in the inbox, a file is another service's, or this one's when it has the new key.
  const takeIn = async (): Promise<unknown> => (keyWatch.isStale() ? 0 : intake.tick());
  const intakeLoop = watches ? startLoop(intakeMs, takeIn, onError) : null;
  const sealing = createAuditSealing(opened.auditTrail, config.folders.checkpoints);
  const replaying = createReplaying(opened.replays, systemClock);
  const indexing = createPersonIndexing({ ...ports, persons: opened.persons }, systemClock);
  const nights = createNights(acceptPorts, {
    ...nightPatience,
    afterStartMs: nightPatience.afterStartMs * config.timeScale,
  });
  const erasing = createErasing(
    { ...ports, persons: opened.persons, erasures: opened.erasures, kept: opened.kept },
    systemClock,
  );
  const retaining = createRetaining(
    { ...ports, retention: opened.retention, kept: opened.kept, bytes: opened.bytes, erasures: opened.erasures },
    systemClock,
  );
  if (has(options, 'intake')) {
    loops.push(startLoop(eraseMs, () => erasing.files.tick(), onError));
    loops.push(startLoop(retainMs, () => retaining.files.tick(), onError));
  }
  const telling = openTelling(config, opened);
  const outward = createDeliverer({ ...ports, deliveries: opened.deliveries }, telling.outward, onError);
  const outbox = createDeliverer({ ...ports, deliveries: opened.deliveries }, telling.outbox, onError);
  const nightEnds = createNightEnds({ ...ports, deliveries: opened.deliveries }, telling.endings);
  const pruning = createDeliveryPruning({ clock: systemClock, deliveries: opened.deliveries });
  // Outboxes are where the inboxes are.
  if (has(options, 'intake')) loops.push(startLoop(outboxMs, () => outbox.tick(), onError));
  const backlog = createBacklogNotes({ ...ports, backlog: createBacklogMinutes(opened.db) }, systemClock);
  const duties = [
    nights,
    nightEnds,
    outward,
    pruning,
    replaying,
    backlog,
    sealing,
    indexing,
    erasing.rows,
    retaining.rows,
  ];
  const leader = createLeader(
    ports,
    leadership,
    duties.map((duty) => () => duty.tick()),
  );
  const leaderLoop = startLoop(leaderMs, () => leader.tick(), onError);
  const refillLoop = startLoop(refillMs, () => leader.refill(), onError);
  await queue.work(
    jobTypes
      .filter((type) => has(options, type.options.role))
      .map((type) => ({
        name: type.name,
        concurrency: type.options.concurrency({ rowsInProgress: config.rowsConcurrency }),
        process: async (payload: unknown, context) => {
          if (keyWatch.isStale() && sealsNewData(type)) return { kind: 'done', outcome: 'key_rotated' };
          await traceBeginning(tracing, ports, type.name, payload);
          return type.run(ports, payload, context);
        },
      })),
  );
  log.event('serviceStarted', {
    instance,
    roles: options.roles.join(','),
    queue: queue.backend,
    ledger: opened.store.embedded === null ? 'external' : 'embedded',
  });

  let stopped: Promise<{ drained: boolean }> | null = null;
  async function stop(reason: string): Promise<{ drained: boolean }> {
    log.event('serviceStopping', { instance, signal: reason });
    stopping.abort();
    await console?.close();
    await intakeLoop?.stop();
    await Promise.all([leaderLoop.stop(), refillLoop.stop()]);
    const { drained } = await queue.close(config.deadlineMs);
    if (drained) await gate.close();
    await Promise.all(loops.map((loop) => loop.stop()));
    await Promise.all([outward.idle(), outbox.idle()]);
    await telling.close();
    await leadership.resign().catch(() => undefined);
    // Calls that outlived the deadline still bring their answers; each ends by its own deadline. Then nothing is kept.
    await ports.api.close();
    ending.abort();
    spool.close();
    await calls.flush().catch(() => undefined);
    // An instance that did not drain may hold an intent: it is fenced by its silence, not by its word.
    if (drained) {
      await opened.ledger.drained(instance).catch(() => undefined);
      await rollCall.leave(spool.id).catch(() => undefined);
      await sealing.now().catch(() => undefined);
    } else {
      const left = { action: 'service.stopped', actor: instance, detail: { drained } };
      await opened.auditTrail.log.note(left).catch(() => undefined);
    }
    await tracing?.close();
    await queueStore.leave();
    await opened.close();
    log.event('serviceStopped', { instance, drained });
    return { drained };
  }
  return {
    ports: acceptPorts,
    replays: opened.replays,
    surroundings: { ...opened.surroundings, queue: queueStore.says },
    consoleUrl: console?.url ?? null,
    warnings: [
      ...config.warnings,
      ...warningsOfOwner(config),
      ...(excess === null ? [] : [excess]),
      ...queue.warnings,
      ...warningsOfSecrets(config, opened),
    ],
    partnerFaults: opened.partnerFaults.map((fault) => fault.message),
    stop: (reason) => (stopped ??= stop(reason)),
  };
}

/** Who takes a service over has its environment. */
function warningsOfOwner({ database }: Config): readonly string[] {
  if (database.adminUrl === null) return [];
  return [
    'DATABASE_ADMIN_URL is set, and a service needs none: whoever takes it over could change the audit log by it.',
  ];
}

function warningsOfSecrets({ folders }: Config, { partners }: Pick<MainLedger, 'partners'>): readonly string[] {
  return partners.list().flatMap(({ webhook }) => {
    const judged = webhook === null ? null : judgeWebhookSecrets(folders.partners, webhook.secrets);
    return judged === null ? [] : [judged.says];
  });
}

/** Null: not of this process's roles, or its port is another's and that is no fault. */
async function ownConsole(
  config: Config,
  options: ServiceOptions,
  parts: Pick<Parts, 'log' | 'opened' | 'queue'>,
): Promise<OpenConsole | null> {
  if (!has(options, 'console')) return null;
  try {
    return await openConsole(config, { ...parts, board: () => parts.queue.board() });
  } catch (error) {
    if (!(error instanceof ConfigFault) || options.isConsoleOptional !== true) throw error;
    parts.log.event('consoleNotStarted', { code: codeOf(error.cause), port: config.console.port });
    return null;
  }
}

/** Tells one state of the API's settings from another; a keyed hash, since passwords are among them. */
function fingerprintOf(api: ApiConfig, vault: Ports['vault']): string {
  return vault.mac('apiSettings', JSON.stringify(api));
}

function has(options: ServiceOptions, role: Role): boolean {
  return options.roles.includes(role);
}

/** The embedded servers outlive us and may be killed by anybody: whoever notices starts them again. */
async function supervise({ opened, queueStore, log }: Parts): Promise<void> {
  if ((await opened.store.embedded?.ensureRunning()) === 'restarted')
    log.event('databaseRestarted', { place: 'ledger' });
  if ((await queueStore.redis?.ensureRunning()) === 'restarted') log.event('databaseRestarted', { place: 'queue' });
}

/** Says what is wrong with a config once, not at every look. */
async function reloadPartners({ opened, log }: Parts, said: Set<string>, versions: VersionNotes): Promise<void> {
  const faults = opened.partners.reload().faults;
  for (const fault of faults) {
    if (!said.has(fault.message)) log.event('configRejected', { code: fault.code, partner: partnerOf(fault) });
  }
  said.clear();
  for (const fault of faults) said.add(fault.message);
  await versions.look();
  await opened.folders.prepare(opened.partners.list().map((partner) => partner.id));
}

/** A file that was taken in and is not read stays due: for a service that has the new key. */
function sealsNewData({ name }: Pick<(typeof jobTypes)[number], 'name'>): boolean {
  return name === 'ingest-file';
}

interface VersionNotes {
  /** Tells the audit log what has changed since this process looked last. */
  look(): Promise<void>;
}

async function noteVersions(config: Config, opened: MainLedger, actor: string): Promise<VersionNotes> {
  let told = '';
  async function look(): Promise<void> {
    const partners = opened.partners.list().map(({ id, version }) => ({ id, version }));
    const now = JSON.stringify(partners);
    if (now === told) return;
    await opened.configVersions.noteInForce({ settings: config.version, partners }, actor);
    told = now;
  }
  await look();
  return { look };
}

/** The partner that a fault's message names by its file: `acme.yaml: …`. */
function partnerOf(fault: ConfigFault): string {
  return /([a-z0-9_-]+)\.ya?ml\b/.exec(fault.message)?.[1] ?? 'unknown';
}

function report(log: Parts['log'], error: unknown): void {
  if (isBrokenConnection(error)) log.event('ledgerUnreachable', { code: codeOf(error) });
  else log.event('jobFailed', { queue: 'loop', jobId: 'none', code: codeOf(error) });
}

/** A library's code for an error. Its message may hold values of rows, so it never reaches the log. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
