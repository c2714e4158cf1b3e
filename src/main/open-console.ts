import type { AddressInfo } from 'node:net';
import { createPasswords } from '../adapters/crypto/passwords.ts';
import { createUploads } from '../adapters/files/uploads.ts';
import { createAlarmLedger } from '../adapters/ledger/alarms.ts';
import { createAuditLog } from '../adapters/ledger/audit-log.ts';
import { createAuditPages } from '../adapters/ledger/audit-pages.ts';
import { createBacklogMinutes } from '../adapters/ledger/backlog-minutes.ts';
import { createCallTallies } from '../adapters/ledger/call-tallies.ts';
import { createCancelLedger } from '../adapters/ledger/cancel-rows.ts';
import { createConsolePosts } from '../adapters/ledger/console-posts.ts';
import { createConsoleSearches } from '../adapters/ledger/console-searches.ts';
import { createConsoleSessions } from '../adapters/ledger/console-sessions.ts';
import { openDatabase, type LedgerDatabase } from '../adapters/ledger/database.ts';
import { createDeliveryLedger } from '../adapters/ledger/deliveries.ts';
import { createErasureLedger } from '../adapters/ledger/erasures.ts';
import { createFileClaims } from '../adapters/ledger/file-claims.ts';
import { createGapLedger } from '../adapters/ledger/gap.ts';
import { createLedger } from '../adapters/ledger/ledger.ts';
import { createLedgerPages } from '../adapters/ledger/ledger-pages.ts';
import { createListingLedger } from '../adapters/ledger/listing-ledger.ts';
import { createNightViews } from '../adapters/ledger/night-views.ts';
import { createNightRuns } from '../adapters/ledger/nights.ts';
import { createPersonIndex } from '../adapters/ledger/person-index.ts';
import { createReplayLedger } from '../adapters/ledger/replays.ts';
import { createRetentionDays } from '../adapters/ledger/retention-days.ts';
import { createSuppressions } from '../adapters/ledger/suppressions.ts';
import { cronSchedules } from '../adapters/schedule/cron-schedule.ts';
import type { Log } from '../app/ports/log.ts';
import type { Config } from '../config/config.ts';
import { createConsole } from '../console/console.ts';
import type { ConsolePorts } from '../console/ports.ts';
import { ConfigFault } from '../domain/config-fault.ts';
import { version } from './checkout.ts';
import { openMachineUsers } from './machine-users.ts';
import type { MainLedger } from './open-ledger.ts';
import { systemClock } from './system-clock.ts';

export interface OpenConsole {
  /** Under which a browser of this machine reaches it. */
  readonly url: string;
  close(): Promise<void>;
}

/** A million leads of the insurer are less. */
const mostUploaded = 200_000_000;

/** Pages must not wait for the connections of workers, nor workers for those of pages. */
const connections = 3;

type HandedPorts = Pick<
  ConsolePorts,
  | 'auditTrail'
  | 'board'
  | 'log'
  | 'machines'
  | 'ownFolders'
  | 'partners'
  | 'records'
  | 'requests'
  | 'settings'
  | 'uploads'
  | 'vault'
>;

/** What the console needs, on a database of its own connections. */
export function consolePorts(
  db: LedgerDatabase,
  { auditTrail, board, log, machines, ownFolders, partners, records, requests, settings, uploads, vault }: HandedPorts,
): ConsolePorts {
  return {
    ledger: createLedger(db),
    pages: createLedgerPages(db),
    gap: createGapLedger(db),
    nights: { ...createNightRuns(db), ...createNightViews(db) },
    schedules: cronSchedules,
    alarms: createAlarmLedger(db),
    deliveries: createDeliveryLedger(db),
    erasures: createErasureLedger(db),
    replays: createReplayLedger(db),
    cancels: createCancelLedger(db),
    fileClaims: createFileClaims(db),
    retentionDays: createRetentionDays(db),
    suppressions: createSuppressions(db),
    backlog: createBacklogMinutes(db),
    tallies: createCallTallies(db),
    persons: createPersonIndex(db),
    searches: createConsoleSearches(db),
    posts: createConsolePosts(db),
    sessions: createConsoleSessions(db),
    audit: createAuditLog(db),
    board,
    listings: createListingLedger(db),
    records,
    requests,
    uploads,
    auditPages: createAuditPages(db),
    auditTrail: { ...auditTrail, log: createAuditLog(db) },
    passwords: createPasswords(),
    machines,
    // What lies in inboxes is told by the services that see them: a slow mount must not hold a page up.
    folders: { scan: async () => ({ ready: [], folders: [] }) },
    ownFolders,
    clock: systemClock,
    vault,
    partners,
    settings,
    log,
  };
}

/** Serves the console. Throws a ConfigFault where its port can't be listened on. */
export async function openConsole(
  config: Pick<Config, 'console'>,
  { opened, log, board }: { readonly opened: MainLedger; readonly log: Log } & Pick<ConsolePorts, 'board'>,
): Promise<OpenConsole> {
  const { host, port, tls, url, users } = config.console;
  const machines = openMachineUsers(config.console.machines, log);
  const database = openDatabase(opened.store.url, { max: connections });
  const settings = { host, port, tls, url, users, version, surroundings: opened.surroundings };
  const uploads = createUploads({ mostBytes: mostUploaded });
  const app = createConsole(
    consolePorts(database.db, { ...opened, ownFolders: opened.folders, board, uploads, log, machines }),
    settings,
  );
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    await uploads.close();
    await database.close();
    throw asPortFault(error, port) ?? error;
  }
  const { port: taken } = app.server.address() as AddressInfo;
  log.event('consoleListens', { host, port: taken, users: users.length });
  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    await app.close();
    await uploads.close();
    await database.close();
  }
  return {
    url: url ?? `${tls === null ? 'http' : 'https'}://${reachable(host)}:${taken}`,
    close: () => (closing ??= close()),
  };
}

function asPortFault(error: unknown, port: number): ConfigFault | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].includes(code)) return null;
  return new ConfigFault(
    'CONFIG_INVALID',
    `CONSOLE_PORT: expected an address and a port that can be listened on, got ${code} for ${port}`,
    { cause: error },
  );
}

/** A host as it stands in a URL; an address that means every interface is reached by loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
