import type { Clock, Ports } from '../app/ports.ts';
import type { AlarmLedger } from '../app/ports/alarm-ledger.ts';
import type { AuditDigests, AuditLog, AuditSigner } from '../app/ports/audit-log.ts';
import type { AuditPages } from '../app/ports/audit-pages.ts';
import type { BacklogMinutes } from '../app/ports/backlog-minutes.ts';
import type { CallTallies } from '../app/ports/call-tallies.ts';
import type { CancelLedger } from '../app/ports/cancel-ledger.ts';
import type { ConsolePosts } from '../app/ports/console-posts.ts';
import type { ConsoleSearches } from '../app/ports/console-searches.ts';
import type { ConsoleSessions } from '../app/ports/console-sessions.ts';
import type { DeliveryLedger } from '../app/ports/delivery-ledger.ts';
import type { FileClaims } from '../app/ports/file-claims.ts';
import type { LedgerPages } from '../app/ports/ledger-pages.ts';
import type { NightLedger } from '../app/ports/night-ledger.ts';
import type { Folders } from '../app/ports/folders.ts';
import type { MachineUsers } from '../app/ports/machine-users.ts';
import type { Passwords } from '../app/ports/passwords.ts';
import type { ListingLedger } from '../app/ports/listing-ledger.ts';
import type { PersonIndex } from '../app/ports/person-index.ts';
import type { QueueBoard } from '../app/ports/queue-board.ts';
import type { RecordReader } from '../app/ports/record-reader.ts';
import type { ReplayLedger } from '../app/ports/replay-ledger.ts';
import type { RetentionDays } from '../app/ports/retention-days.ts';
import type { Requests } from '../app/ports/requests.ts';
import type { Schedules } from '../app/ports/schedules.ts';
import type { Uploads } from '../app/ports/uploads.ts';
import type { AuditSeal } from '../domain/audit-seal.ts';
import type { StockPorts } from '../view/take-stock.ts';

/** What the console needs of the world. */
export interface ConsolePorts extends StockPorts, Pick<Ports, 'ledger' | 'log' | 'partners' | 'settings' | 'vault'> {
  readonly alarms: AlarmLedger;
  readonly replays: ReplayLedger;
  readonly cancels: CancelLedger;
  readonly fileClaims: FileClaims;
  readonly deliveries: Pick<DeliveryLedger, 'deliveries' | 'goOn' | 'lastNight' | 'sendAgain' | 'troubles'>;
  readonly retentionDays: RetentionDays;
  readonly nights: NightLedger;
  /** Of this host: the bytes of its files. `folders` says what lies in inboxes, which the services tell. */
  readonly ownFolders: Folders;
  readonly schedules: Schedules;
  readonly pages: LedgerPages;
  readonly backlog: Pick<BacklogMinutes, 'lastMinutes'>;
  readonly tallies: Pick<CallTallies, 'lastMinutes' | 'totals'>;
  readonly audit: Pick<AuditLog, 'note'>;
  /** Of the queues of this process. Null: it has none. */
  readonly board: (() => Promise<QueueBoard>) | null;
  readonly auditPages: AuditPages;
  readonly auditTrail: AuditTrail;
  readonly listings: ListingLedger;
  readonly records: RecordReader;
  readonly requests: Requests;
  readonly uploads: Uploads;
  readonly persons: PersonIndex;
  readonly searches: ConsoleSearches;
  readonly posts: ConsolePosts;
  readonly sessions: ConsoleSessions;
  readonly passwords: Pick<Passwords, 'isRight'>;
  readonly machines: Pick<MachineUsers, 'find'>;
  readonly suppressions: Ports['suppressions'];
  readonly clock: Clock;
}

/** The audit log, and what it takes to check it. */
export interface AuditTrail {
  readonly log: AuditLog;
  /** Null without a key. */
  readonly signer: Pick<AuditSigner, 'publicKey'> | null;
  readonly digests: AuditDigests;
  readonly ledgerId: string;
  /** Of this host. */
  ownCheckpoints(): Promise<readonly AuditSeal[]>;
}

export type Role = 'viewer' | 'operator' | 'admin';

export interface ConsoleUser {
  readonly name: string;
  readonly role: Role;
  /** As Passwords keeps it. */
  readonly password: string;
}

/** What main knows of where the console stands. */
export interface ConsoleSettings {
  /** Without users everybody who reaches it may look, and nobody may act. */
  readonly users: readonly ConsoleUser[];
  readonly host: string;
  readonly port: number;
  /** The origin under which people reach it through a proxy. */
  readonly url: string | null;
  /** It speaks https itself. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Of the process, for footer and metrics. */
  readonly version: string;
  readonly surroundings: {
    readonly home: string;
    readonly environment: string;
    readonly ledger: string;
    readonly queue: string;
    readonly api: string;
    readonly timeZone: string;
  };
}
