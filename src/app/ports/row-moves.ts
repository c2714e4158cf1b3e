import type { ClientAnswer, Evidence } from '../../domain/call-outcome.ts';
import type { FaultCode } from '../../domain/faults.ts';
import type { RowState, Step } from './row.ts';
import type { Problem } from '../../domain/problem.ts';

/**
 * One write about one row, as data: a compare-and-set on state and fence, with its attempt and its audit event. The
 * ledger collects concurrent moves into one statement; each is still won or lost alone, and none is answered before it
 * has committed.
 */
export interface RowMove {
  readonly rowId: string;
  /** The row must be in one of these states … */
  readonly from: readonly RowState[];
  /** … with this fence … */
  readonly fence: number;
  /** … and, where given, this version: then nothing at all has happened to it in between. */
  readonly version?: number;
  /** … and, where given, this attempt as its latest: an answer belongs to its own intent only. */
  readonly attempt?: string;
  /** Null: the state stays, only the attempt is written down. */
  readonly to: RowState | null;
  /** True: the fence grows, so that everything begun before is stale. */
  readonly newFence?: boolean;
  readonly set?: RowChange;
  /** Due again after so many milliseconds by the database's clock. Absent: never by itself. */
  readonly dueInMs?: number;
  /**
   * The latest request ended without a clear answer, and may still be carried out until so long after its intent. 0: it
   * has arrived or never will, and nobody knows which. Never taken back.
   */
  readonly mayArriveForMs?: number;
  /** Written down before the request leaves. */
  readonly begin?: { readonly attemptId: string; readonly step: Step; readonly instance: string };
  readonly end?: AttemptEnd;
  /** Null only where nothing but bookkeeping changes. */
  readonly audit: {
    readonly action: string;
    /** An operator (`cli:name`, `queue`) or a worker instance. */
    readonly actor: string;
    readonly code?: FaultCode | null;
    readonly reason?: string;
    /** Ids and numbers alone. Where an attempt ends, its end stands there instead. */
    readonly detail?: Readonly<Record<string, string | number>>;
  } | null;
}

export interface AttemptEnd {
  readonly attemptId: string;
  readonly evidence: Evidence;
  readonly httpStatus: number | null;
  readonly outcome: string;
  readonly code: FaultCode | null;
  /** The leadId that the answer named. */
  readonly leadId?: string;
}

/** Columns that a move may change; absent ones stay. */
export interface RowChange {
  readonly step?: Step | null;
  readonly attempts?: number;
  readonly code?: FaultCode | null;
  readonly problems?: readonly Problem[];
  readonly warnings?: readonly Problem[];
  readonly duplicateOf?: string;
  readonly leadRow?: string;
  readonly leadId?: string;
  readonly idLanding?: string | null;
  readonly clientAnswer?: ClientAnswer;
  /** True: the check was answered now. */
  readonly checkedNow?: boolean;
  /** True: it is tried again because of trouble, and has been since the first of it. No more attempts ends that. */
  readonly trying?: boolean;
  readonly agenteId?: string;
  readonly message?: Uint8Array | null;
  /** The worker instance whose attempt this is; stamps the intent with the database's clock. */
  readonly holder?: string;
  readonly replays?: number;
  readonly endedJob?: string | null;
  readonly redeliveries?: number;
}

export type MoveResult =
  | { readonly won: true; readonly state: RowState; readonly version: number; readonly fence: number }
  /** Somebody else moved the row first: stop quietly. */
  | { readonly won: false; readonly why: 'moved_on' }
  /** The leadId belongs to another row, or another row holds the lead's identity or the lead's only push. */
  | { readonly won: false; readonly why: 'taken' }
  /** Its file is held: no call of it may begin. */
  | { readonly won: false; readonly why: 'held' }
  /** An outage, a halt or a pause (AccountLedger), or it is to be erased: no call of it may begin. The row is as it was. */
  | { readonly won: false; readonly why: 'stopped' };

/** The one way in which rows change. */
export interface RowMoves {
  move(move: RowMove): Promise<MoveResult>;
}
