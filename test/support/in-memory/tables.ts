import type { FileKind, FileState } from '../../../src/domain/file-life.ts';
import type { AttemptEnd } from '../../../src/app/ports/row-moves.ts';
import type { BreakerView, Pause } from '../../../src/app/ports/account-ledger.ts';
import type { FaultCode } from '../../../src/domain/faults.ts';
import type { Endpoint } from '../../../src/domain/call-outcome.ts';
import type { BreakerState } from '../../../src/domain/outage-breaker.ts';
import type { LedgerRow, RowState } from '../../../src/app/ports/row.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Times are milliseconds of the ledger's own clock. */
export interface StoredRow extends Writable<
  Omit<
    LedgerRow,
    'nextAt' | 'checkedAt' | 'checkAgeMs' | 'tryingForMs' | 'intentAt' | 'createdAt' | 'ageMs' | 'updatedAt'
  >
> {
  nextAt: number | null;
  checkedAt: number | null;
  intentAt: number | null;
  tryingSince: number | null;
  readonly createdAt: number;
  updatedAt: number;
  readonly arrivedAt: number;
  readonly identity: string | null;
  readonly content: string | null;
  readonly partnerLeadId: string | null;
  readonly orderKey: string | null;
  readonly isFinal: boolean;
  /** A request of it ended without a clear answer: until then it may still be carried out. */
  lateUntil: number | null;
  mayBeSet: boolean;
  /** Has duplicates that want to be told when it ends. */
  followed: boolean;
}

/** A file as far as its rows depend on it. */
export interface StoredFile {
  readonly id: string;
  readonly partner: string;
  readonly kind: FileKind;
  readonly configVersion: string;
  readonly arrivedAt: number;
  state: FileState;
  lastRow: number;
  resultVersion: number;
  resultMoves: number | null;
}

export interface StoredAttempt {
  readonly id: string;
  readonly rowId: string;
  readonly step: string;
  readonly fence: number;
  readonly instance: string;
  readonly begunAt: number;
  endedAt: number | null;
  end: AttemptEnd | null;
  late: boolean;
}

export interface AuditEntry {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly fileId: string | null;
  readonly rowId: string | null;
  readonly attemptId: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly fence: number | null;
  readonly version: number | null;
  readonly code: string | null;
  readonly reason: string | null;
}

export interface StoredInstance {
  readonly id: string;
  readonly roles: readonly string[];
  heartbeatAt: number;
  drainedAt: number | null;
}

export interface Tally {
  readonly fileId: string;
  readonly state: RowState;
  n: number;
  moves: number;
}

export interface StoredProbe {
  probeAt: number | null;
  probeRow: string | null;
  probeUntil: number | null;
  probesFailed: number;
}

export interface StoredAccount extends StoredProbe {
  version: number;
  breaker: BreakerState;
  cause: BreakerView['cause'];
  since: number | null;
  actor: string | null;
  reason: string | null;
  flowingSince: number;
}

export interface StoredHalt extends StoredProbe {
  readonly endpoint: Endpoint;
  readonly code: FaultCode;
  readonly since: number;
  readonly settings: string;
}

/** Everything that the ledger in memory holds: the tables of the schema, by their names there. */
export interface Tables {
  readonly rows: Map<string, StoredRow>;
  readonly files: Map<string, StoredFile>;
  readonly attempts: Map<string, StoredAttempt>;
  readonly audit: AuditEntry[];
  readonly instances: Map<string, StoredInstance>;
  /** There is one. */
  readonly account: StoredAccount;
  readonly halts: Map<Endpoint, StoredHalt>;
  /** By partner; '' is everybody. */
  readonly pauses: Map<string, Pause>;
  readonly tallies: Map<string, Tally>;
  /** Followed rows that have ended and whose duplicates were not told yet. */
  readonly ended: string[];
  now(): number;
}

export function emptyTables(now: () => number): Tables {
  return {
    rows: new Map(),
    files: new Map(),
    attempts: new Map(),
    audit: [],
    instances: new Map(),
    account: {
      version: 0,
      breaker: 'closed',
      cause: null,
      since: null,
      actor: null,
      reason: null,
      flowingSince: -Infinity,
      probeAt: null,
      probeRow: null,
      probeUntil: null,
      probesFailed: 0,
    },
    halts: new Map(),
    pauses: new Map(),
    tallies: new Map(),
    ended: [],
    now,
  };
}

/** One audit event; what is not given is null. */
export function writeAudit(tables: Tables, entry: Partial<AuditEntry> & Pick<AuditEntry, 'actor' | 'action'>): void {
  tables.audit.push({
    at: tables.now(),
    fileId: null,
    rowId: null,
    attemptId: null,
    from: null,
    to: null,
    fence: null,
    version: null,
    code: null,
    reason: null,
    ...entry,
  });
}

export function count(tables: Tables, fileId: string | null, state: RowState, n: number, moves: number): void {
  if (fileId === null) return;
  const key = `${fileId} ${state}`;
  const tally = tables.tallies.get(key);
  if (tally === undefined) tables.tallies.set(key, { fileId, state, n, moves });
  else {
    tally.n += n;
    tally.moves += moves;
  }
}

export function toRow(tables: Tables, row: StoredRow): LedgerRow {
  return {
    // With it come the columns that only the ledger itself looks at.
    ...row,
    nextAt: dateOf(row.nextAt),
    checkedAt: dateOf(row.checkedAt),
    checkAgeMs: row.checkedAt === null ? null : tables.now() - row.checkedAt,
    tryingForMs:
      row.tryingSince === null ? null : tables.now() - Math.max(row.tryingSince, tables.account.flowingSince),
    intentAt: dateOf(row.intentAt),
    createdAt: new Date(row.createdAt),
    ageMs: tables.now() - row.createdAt,
    updatedAt: new Date(row.updatedAt),
  };
}

export function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

export function isOneOf(states: readonly string[], state: string): boolean {
  return states.includes(state);
}
