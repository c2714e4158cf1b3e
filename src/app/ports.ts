import type { FieldRule } from '../domain/lead.ts';
import type { Partner } from '../domain/partner.ts';
import type { Folders } from './ports/folders.ts';
import type { JobQueue } from './ports/job-queue.ts';
import type { LeadsApi } from './ports/leads-api.ts';
import type { Ledger } from './ports/ledger.ts';
import type { Log } from './ports/log.ts';
import type { RecordReader } from './ports/record-reader.ts';
import type { Spool } from './ports/spool.ts';
import type { Suppressions } from './ports/suppressions.ts';
import type { Traffic } from './ports/traffic.ts';
import type { Vault } from './ports/vault.ts';

/** Everything that use cases need of the world. Each takes the part it uses as its first argument. */
export interface Ports {
  readonly ledger: Ledger;
  readonly api: LeadsApi;
  readonly traffic: Traffic;
  readonly gate: CallGate;
  readonly queue: JobQueue;
  readonly folders: Folders;
  readonly spool: Pick<Spool, 'noteAnswer' | 'noteRequest'>;
  readonly records: RecordReader;
  readonly suppressions: Suppressions;
  readonly vault: Vault;
  readonly log: Log;
  readonly partners: Partners;
  readonly clock: Clock;
  readonly settings: Settings;
  /** Id of this worker instance: the actor of what it does by itself. */
  readonly instance: string;
  /** Aborted when the process is told to stop: no further call begins, those that have begun come to their end. */
  readonly stopping: AbortSignal;
  /** Aborted when the shutdown's deadline is over: answers that could not be written by then are given up. */
  readonly ending: AbortSignal;
}

/** What every row's call to the API takes. */
export type CallPorts = Pick<
  Ports,
  'api' | 'clock' | 'ending' | 'gate' | 'instance' | 'ledger' | 'settings' | 'stopping' | 'traffic' | 'vault'
>;

/** The partner configs in force. */
export interface Partners {
  get(id: string): Partner | null;
  list(): readonly Partner[];
  /** There is a config of this partner, and none has been valid since the start: its files wait until it is mended. */
  isBroken(id: string): boolean;
}

/**
 * Lets calls to the API through at the account's rate and concurrency, of all processes together. Entered before the
 * intent is written, so that waiting hardly ages an intent: a few more may enter than places are free while calls are
 * quick, so that a place is not idle for as long as an intent takes.
 */
export interface CallGate {
  enter(signal: AbortSignal): Promise<Turn>;
}

export interface Turn {
  /**
   * Takes the place, once the intent is written. False: there was none within this time, or the signal was aborted before;
   * nothing may be sent.
   */
  begin(withinMs: number, signal: AbortSignal): Promise<boolean>;
  /** When the call has ended, before its answer is written, or when there is none. Again is nothing. */
  leave(): void;
}

/** Time for budgets inside one process, and randomness. Whatever decides about rows uses the database's clock instead. */
export interface Clock {
  /** Milliseconds that never jump back, and stand still while the machine sleeps. */
  monotonicMs(): number;
  /** Milliseconds since 1970: runs on while the machine sleeps. */
  wallMs(): number;
  /** In [0, 1). */
  random(): number;
  newId(): string;
}

/** Values from the config that use cases decide by. */
export interface Settings {
  readonly environment: 'sandbox' | 'test' | 'production';
  /** Of this ledger and no other. */
  readonly ledgerId: string;
  /** An intent older than this sends nothing any more. */
  readonly sendBudgetMs: number;
  /** One call takes at most this long. */
  readonly callDeadlineMs: number;
  /** From an intent until nothing of it can arrive any more. */
  readonly quietPeriodMs: number;
  /** A client check older than this is asked again before a create. */
  readonly checkValidForMs: number;
  /** Of the partners' dates. */
  readonly timeZone: string;
  /** How long an update waits for a lead that the ledger has never heard of. */
  readonly updatePatienceMs: number;
  /** Calls a second of all processes together; 0: no limit. */
  readonly ratePerSecond: number;
  /** Multiplies every back-off. 1 outside demos and tests. */
  readonly timeScale: number;
  /** Rows handed to the queue at once, per kind. */
  readonly window: number;
  readonly fieldRules: readonly FieldRule[];
}
