/**
 * The log speaks through typed events with fixed fields, so that a personal value has no way in: ids, codes, counts and
 * durations only, never names, texts of the API or error messages of libraries. Wording and level live in the adapter.
 */
export interface LogEvents {
  serviceStarted: { instance: string; roles: string; queue: string; ledger: string };
  serviceStopping: { instance: string; signal: string };
  serviceStopped: { instance: string; drained: boolean };
  fileArrived: { fileId: string; partner: string; kind: string };
  fileRejected: { fileId: string; partner: string; code: string };
  inboxNoted: {
    partner: string;
    arriving: number;
    passedOver: number;
    stuck: number;
    trouble: string | null;
  };
  fileHeld: { fileId: string; partner: string; code: string };
  fileRead: { fileId: string; partner: string; rows: number };
  fileSettled: { fileId: string; partner: string; rows: number; version: number };
  rowMoved: { rowId: string; from: string; to: string; code: string | null };
  rowsUnreadable: { rows: number; rowId: string };
  nightBegun: { partner: string; night: string; files: number; passed: number };
  nightWaits: { partner: string; night: string };
  nightEnded: { night: string; told: number };
  deliveryFailed: {
    delivery: string;
    channel: string;
    recipient: string | null;
    code: string;
    givenUp: boolean;
    stopped: boolean;
  };
  erasureEnded: { erasure: string };
  rowsRetired: { rows: number; keys: number };
  filesRetired: { files: number; results: number };
  keptFilesStuck: { notSealed: number; notRemoved: number; code: string };
  leaderElected: { instance: string };
  breakerOpened: { cause: string | null };
  breakerClosed: { cause: string | null };
  orphansFound: { rows: number };
  spoolUnwritable: { code: string };
  answersFound: { rows: number };
  ledgerBehind: { attempts: number };
  ledgerUnreachable: { code: string };
  queueUnreachable: { code: string };
  databaseRestarted: { place: string };
  configRejected: { code: string; partner: string };
  keyRotated: { code: string };
  filesNotKept: { code: string; partner: string; files: number; system: string };
  consoleListens: { host: string; port: number; users: number };
  consoleNotStarted: { code: string; port: number };
  machineUsersRefused: { code: string };
  pageFailed: { route: string; code: string };
  jobFailed: { queue: string; jobId: string; code: string };
}

export type LogEvent = keyof LogEvents;

export interface Log {
  event<E extends LogEvent>(name: E, fields: LogEvents[E]): void;
}
