import type { Running, RunningService, ServiceOptions } from './service.ts';
import type { Partners } from '../app/ports.ts';
import type { AlarmLedger } from '../app/ports/alarm-ledger.ts';
import type { CancelLedger } from '../app/ports/cancel-ledger.ts';
import type { DeliveryLedger } from '../app/ports/delivery-ledger.ts';
import type { AuditDigests, AuditLog, AuditSigner } from '../app/ports/audit-log.ts';
import type { Folders } from '../app/ports/folders.ts';
import type { FileClaims } from '../app/ports/file-claims.ts';
import type { FileBytes } from '../app/ports/file-bytes.ts';
import type { RecordReader } from '../app/ports/record-reader.ts';
import type { Requests } from '../app/ports/requests.ts';
import type { RetentionLedger } from '../app/ports/retention-ledger.ts';
import type { Spool } from '../app/ports/spool.ts';
import type { GapLedger } from '../app/ports/gap-ledger.ts';
import type { Ledger } from '../app/ports/ledger.ts';
import type { LedgerPages } from '../app/ports/ledger-pages.ts';
import type { ListingLedger } from '../app/ports/listing-ledger.ts';
import type { ErasureLedger } from '../app/ports/erasure-ledger.ts';
import type { KeptFiles } from '../app/ports/kept-files.ts';
import type { Suppressions } from '../app/ports/suppressions.ts';
import type { PersonIndex } from '../app/ports/person-index.ts';
import type { NightLedger } from '../app/ports/night-ledger.ts';
import type { ReplayLedger } from '../app/ports/replay-ledger.ts';
import type { Schedules } from '../app/ports/schedules.ts';
import type { Vault } from '../app/ports/vault.ts';
import type { Settings } from '../app/ports.ts';
import type { AuditSeal } from '../domain/audit-seal.ts';

/** What main hands to every command: ways to open things (nothing is opened before a command needs it) and a place to write. */
export interface Cli {
  /** The ledger, migrated and stamped, for looking and for operator actions. No queue, no API, no work done. */
  openLedger(): Promise<OpenedLedger>;
  /** The service in this process, against the configured Leads API. */
  startService(options: ServiceOptions): Promise<RunningService>;
  /** The console alone, on the ledger: no work is done by this process. */
  startConsole(): Promise<Running>;
  /** Resolves with the signal's name when the process is told to stop. */
  untilToldToStop(): Promise<string>;
  /** Sets how the process will exit, with a line on standard error where there is something to say. */
  end(code: ExitCode, says?: string): void;
  readonly out: Output;
  /** Who acts: `cli:<user of the operating system>`. */
  readonly actor: string;
}

export interface OpenedLedger {
  readonly ledger: Ledger;
  readonly vault: Vault;
  readonly partners: Partners;
  readonly folders: Folders;
  readonly records: RecordReader;
  /** What the calls of this deployment send. */
  readonly requests: Requests;
  /** Of files that are kept, and of any others. */
  readonly bytes: FileBytes;
  readonly retention: RetentionLedger;
  readonly settings: Settings;
  readonly auditTrail: AuditTrail;
  readonly listings: ListingLedger;
  readonly pages: LedgerPages;
  readonly gap: GapLedger;
  /** The spool of this host, or of the folder named, to be read. */
  spoolIn(folder?: string): Spool;
  readonly replays: ReplayLedger;
  readonly cancels: CancelLedger;
  readonly fileClaims: FileClaims;
  readonly persons: PersonIndex;
  readonly nights: NightLedger;
  /** What people know of already. */
  readonly alarms: AlarmLedger;
  /** What is told outside. */
  readonly deliveries: DeliveryLedger;
  readonly schedules: Schedules;
  readonly suppressions: Suppressions;
  readonly erasures: ErasureLedger;
  readonly kept: KeptFiles;
  /** What `status` and `doctor` say of the surroundings. */
  readonly surroundings: Surroundings;
  close(): Promise<void>;
}

/** The audit log, what checks it, and what of it is kept outside the database. */
export interface AuditTrail {
  readonly log: AuditLog;
  /** Null without a key: then nothing is sealed. */
  readonly signer: AuditSigner | null;
  readonly digests: AuditDigests;
  readonly ledgerId: string;
  /** The checkpoints of one file. Throws what reading it throws. */
  readCheckpoints(path: string): Promise<readonly AuditSeal[]>;
  /** Those in `LEADSYNC_CHECKPOINTS`. */
  ownCheckpoints(): Promise<readonly AuditSeal[]>;
}

export interface Surroundings {
  readonly home: string;
  readonly environment: string;
  /** For people: `embedded PostgreSQL 18 in …` or `PostgreSQL at host:port`. Never a password. */
  readonly ledger: string;
  /** `Redis at …`, `private redis-server`, or `PostgreSQL (no redis-server found)`. */
  readonly queue: string;
  readonly api: string;
  readonly timeZone: string;
}

export interface Output {
  /** To standard output: results. */
  print(text: string): void;
  /** To standard error: progress and notes. */
  note(text: string): void;
  /** Columns of the terminal; 80 where there is none. */
  readonly width: number;
  readonly isTerminal: boolean;
  /** Reads one line from a prompt or standard input, for values that must not stand in argv. */
  ask(question: string): Promise<string>;
  /** A new password: twice from a prompt that doesn't show it (null: they differ), or once from standard input. */
  askNewSecret(question: string): Promise<string | null>;
}

/** How a command ends. 0 ok · 1 something unacknowledged needs a person · 2 usage or configuration. */
export type ExitCode = 0 | 1 | 2;
