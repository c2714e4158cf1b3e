import type { FaultCode } from '../../domain/faults.ts';
import type { FileKind, FileState, RowKind } from '../../domain/file-life.ts';
import type { Problem } from '../../domain/problem.ts';
import type { EncodingFinding, EncodingReason } from './record-reader.ts';
import type { LedgerRow, RowState } from './row.ts';
import type { RowMoves } from './row-moves.ts';
import type { AccountLedger } from './account-ledger.ts';
import type { HeldFiles } from './held-files.ts';

export interface LedgerFile {
  readonly id: string;
  readonly partner: string;
  readonly kind: FileKind;
  readonly keyId: number;
  /** The file's name, sealed: names hold personal data. */
  readonly name: Uint8Array;
  readonly sha256: string;
  readonly bytes: number;
  readonly configVersion: string;
  readonly state: FileState;
  readonly code: FaultCode | null;
  readonly sameAs: string | null;
  /** Number of the last row committed: where reading goes on after a crash. 1 is the header. */
  readonly lastRow: number;
  /** The byte of the file at which the record after `lastRow` begins. Null: reading has to begin at the top. */
  readonly readOffset: number | null;
  /** Tells the copy that is being read from any other (RecordReader.mark). */
  readonly readMark: string | null;
  readonly encoding: string | null;
  readonly encodingWhy: EncodingReason | null;
  readonly encodingConfidence: EncodingFinding['confidence'] | null;
  readonly delimiter: string | null;
  readonly arrivedAt: Date;
  readonly dueAt: Date;
  /** The business date (domain/night.ts): of its run, else of its arrival. Null where nobody has said. */
  readonly night: string | null;
  /** For its partner's next run, planned at `dueAt`. */
  readonly waitsForRun: boolean;
  readonly settledAt: Date | null;
  readonly resultVersion: number;
  /** Where a held file was. Null: it is not held. */
  readonly heldFrom: FileState | null;
  /** What a person has to look at. */
  readonly heldBecause: readonly Problem[];
  /** The rows up to this one are let go though the file is held. */
  readonly letThroughTo: number;
  /** A person has seen what would come of it: nothing holds it by itself. */
  readonly isLetThrough: boolean;
  /** What was counted up to the checkpoint, for the files that come later. */
  readonly header: string | null;
  readonly rowCount: number;
  readonly filled: Readonly<Record<string, number>>;
  /** Since its latest result, or since work on it could begin. */
  readonly reportAgeMs: number;
  /** Of the bytes that may stand for the file's since records of it were blanked. */
  readonly blankedSha256s?: readonly string[];
  /** When retention took its bytes away. */
  readonly bytesRemovedAt?: Date | null;
}

export interface NewFile {
  readonly partner: string;
  readonly kind: FileKind;
  readonly keyId: number;
  readonly name: Uint8Array;
  readonly sha256: string;
  readonly bytes: number;
  readonly configVersion: string;
  /** Waits for a run of its partner, the next of which is planned then. Null: for none. */
  readonly dueAt: Date | null;
  /** How long ago it was first seen: a run that has begun since takes it, too (`takeLatecomers`). Defaults to 0. */
  readonly seenForMs?: number;
  /** The business date of the planned run, or of now. Absent: nobody says. */
  readonly night?: string;
  /** Import the same bytes once more. */
  readonly again: boolean;
  /** A person has seen what would come of it: nothing holds it by itself. Defaults to false. */
  readonly isLetThrough?: boolean;
  /** The file of which this is another reading. */
  readonly rereads?: string;
  readonly actor: string;
}

export interface NewRow {
  readonly rowNumber: number;
  /** In mixed files, whose records may be one of each. Absent: of the one kind that the file has. */
  readonly kind?: RowKind;
  readonly state: 'received' | 'rejected';
  readonly code: FaultCode | null;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly keyId: number;
  readonly payload: Uint8Array;
  /** Keyed hashes, UUID text. Null where the row has none. An update of a mixed file has the identity of its record's lead. */
  readonly identity: string | null;
  readonly content: string | null;
  readonly partnerLeadId: string | null;
  readonly orderKey: string | null;
  /** The API's leadId that an update names. */
  readonly leadId: string | null;
  /** An update whose estado ends its lead's life. */
  readonly isFinal: boolean;
  /** Its person is on the suppression list by this erasure: the payload says nothing of them. */
  readonly erasure?: string;
}

export interface EndOfReading {
  /** What a person has to look at first. Empty: nothing. */
  readonly problems: readonly Problem[];
  /** So many rows may go; the file is held with the others. 0: all may. */
  readonly firstRows: number;
}

/** Files: what arrived and how far it was read. */
export interface FileLedger {
  /** Takes a file in, or names the one with the same bytes and config version that was taken in before. */
  acceptFile(file: NewFile): Promise<{ readonly accepted: boolean; readonly file: LedgerFile }>;
  /** Records a file of which nothing is imported. */
  refuseFile(
    file: Omit<NewFile, 'dueAt' | 'again' | 'seenForMs'> & { readonly code: FaultCode; readonly sameAs?: string },
  ): Promise<LedgerFile>;
  file(id: string): Promise<LedgerFile | null>;
  /** arrived → reading; a file that is being read already is answered again, so that a crash resumes. Null otherwise. */
  startReading(id: string, actor: string): Promise<LedgerFile | null>;
  /** What was found out about a file before its first row, and which copy of it is read. A resumed reading has no new finding. */
  noteReading(
    id: string,
    found: {
      readonly encoding: string;
      readonly delimiter: string;
      /** Keyed hash of the column names. */
      readonly header?: string;
      /** Of the config that it is read with, where that is no longer the one it was taken in with. */
      readonly configVersion?: string;
      readonly mark?: string;
      readonly finding?: EncodingFinding | null;
    },
  ): Promise<void>;
  /**
   * Rows and checkpoint in one transaction. A row of a lead that was seen before is judged against the latest row of that
   * lead (domain/earlier-row.ts); `recheckNotManagedMs` defaults to 30 days. An update whose lead the same file creates
   * waits for it from the beginning; `waitForLeadMs`, 5 minutes by default, is when it is looked at all the same. `readOffset` is where the record after
   * `lastRow` begins.
   * Row numbers at or below the checkpoint are passed over, so a repeated batch changes nothing. No row goes to
   * work before its file is read and nothing holds it. False: the file is not being read any more, or somebody has come on
   * the suppression list meanwhile; nothing was written.
   */
  insertRows(
    file: LedgerFile,
    rows: readonly NewRow[],
    lastRow: number,
    actor: string,
    more?: {
      readonly recheckNotManagedMs?: number;
      readonly waitForLeadMs?: number;
      readonly readOffset?: number | null;
      /** Version of the suppression list by which the rows were judged. Where it has another one by now nothing is written. */
      readonly suppressions?: number;
      /** Everything counted up to `lastRow`. */
      readonly counted?: { readonly rows: number; readonly filled: Readonly<Record<string, number>> };
    },
  ): Promise<boolean>;
  /**
   * reading → read; → held where a person has to look first, or where only the first rows of it may go. Null: it is not
   * being read any more.
   */
  finishReading(id: string, actor: string, end?: EndOfReading): Promise<LedgerFile | null>;
  /** → rejected or quarantined; a file that was read to its end stays. Rows that were written and are not under way are cancelled. */
  abandonFile(id: string, state: 'rejected' | 'quarantined', code: FaultCode, actor: string): Promise<void>;
  /** Files to read now, oldest first. */
  filesDue(): Promise<readonly LedgerFile[]>;
  /**
   * Files read to the end whose open rows are gone, and settled ones whose rows moved since their result was issued.
   * `onlyMoving`: of the settled ones only those with moves that are not summed up yet, at a cost that doesn't grow with
   * the files of three months.
   */
  filesToSettle(of?: { readonly onlyMoving?: boolean }): Promise<readonly LedgerFile[]>;
  /** Files with open rows whose latest result is older than this and has become untrue. */
  filesToReport(olderThanMs: number): Promise<readonly LedgerFile[]>;
  /** Commits that an interim result of this picture is issued. */
  noteReport(fileId: string, picture: { readonly moves: number }): Promise<void>;
  /**
   * A consistent picture of a file for its result, at constant memory. Null while a row is open, unless an interim result
   * is wanted; for a file that was not read to its end; and while another process draws it.
   */
  readResult<T>(
    fileId: string,
    use: (picture: ResultPicture) => Promise<T>,
    more?: { readonly interim?: boolean },
  ): Promise<T | null>;
  /** Commits that the result of this picture is issued, and what is to be told of it. Idempotent. */
  settleFile(
    fileId: string,
    picture: { readonly version: number; readonly moves: number },
    actor: string,
    told?: { readonly recipient: string; readonly payload: unknown } | null,
  ): Promise<void>;
  /** The files with these bytes that were taken in and not turned away since, oldest first. */
  acceptedFilesOf(partner: string, sha256: string): Promise<readonly LedgerFile[]>;
}

export interface ResultPicture {
  readonly file: LedgerFile;
  /** The version that this result will have. The same again when the picture is the one already issued. */
  readonly version: number;
  /** Sum of all row versions: two pictures with the same sum are the same picture. */
  readonly moves: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly countsByKind: CountsByKind;
  /** Rows of which the end is not known: their own, or that of the row which they point to. */
  readonly pending: number;
  readonly rows: AsyncIterable<ResultRow>;
}

/** Rows by kind and state. */
export type CountsByKind = Readonly<Partial<Record<RowKind, Readonly<Record<string, number>>>>>;

/** A row and, for a duplicate, the row it points to. */
export interface ResultRow {
  readonly row: LedgerRow;
  readonly original: LedgerRow | null;
}

/** What the feeder and the sweeper ask. */
export interface WorkLedger {
  row(id: string): Promise<LedgerRow | null>;
  /** Partners with due rows of a kind, in files that let them go. */
  partnersWithWork(kind: RowKind): Promise<readonly string[]>;
  /**
   * Due rows after a cursor, in files that let them go, by when each could begin: when it fell due, or when its file was
   * let go.
   */
  dueRows(kind: RowKind, partner: string, after: DueCursor | null, limit: number): Promise<readonly DueRow[]>;
  /** Rows whose request was announced longer ago than `patienceMs` and never answered. */
  orphans(patienceMs: number, limit: number): Promise<readonly LedgerRow[]>;
  /** Waiting updates whose lead has become known or whose turn has come are due now; answers how many. */
  wakeUpdates(): Promise<number>;
  /** Tells the duplicates of rows that have ended, and sends held corrections to work. Leader only; repeatable. */
  followLeads(actor: string): Promise<number>;
  /** Sums up what moved since the last time. Leader only. */
  sumUp(): Promise<void>;
}

export interface DueCursor {
  /** For the ledger to read. As a text it sorts as the rows do. */
  readonly nextAt: string;
  readonly id: string;
}

export interface DueRow extends DueCursor {
  readonly version: number;
}

export interface NextUpdate {
  readonly id: string;
  readonly version: number;
  /** It was looked at and is due later; else nobody has begun it, and the feeder offers it in its turn. */
  readonly isWaiting: boolean;
}

/** What status updates ask. */
export interface UpdateLedger {
  /** The lead an update speaks of: by the API's leadId, else by the keyed hash of the partner's own id (the newest row that holds a lead, else the newest). */
  findLead(
    partner: string,
    key: { readonly leadId: string | null; readonly partnerLeadId: string | null },
  ): Promise<LeadOfUpdate>;
  /**
   * The lead of the record in which an update stands (mixed files): the row that holds its identity now, else the
   * record's own row, or the one that this repeats.
   */
  leadOfRecord(updateRow: string): Promise<LeadOfUpdate>;
  /** What stands before this update on the same lead; without a lead row, among those that name the same leadId. */
  updateTurn(row: LedgerRow): Promise<UpdateTurn>;
  /** Of the updates of the same lead that have not begun, or wait for their turn or their lead, the one that goes next. */
  nextUpdateOf(row: { readonly id: string }): Promise<NextUpdate | null>;
  /** Enters one update by hand; answers its row id. */
  enterUpdate(
    partner: string,
    row: Omit<NewRow, 'rowNumber'> & { readonly leadRow: string },
    actor: string,
  ): Promise<string>;
}

export type LeadOfUpdate =
  | { readonly kind: 'found'; readonly rowId: string; readonly state: RowState; readonly leadId: string | null }
  | { readonly kind: 'of_another_partner' }
  /** The leadId and the partner's own id are of two leads. */
  | { readonly kind: 'ids_disagree' }
  | { readonly kind: 'unknown' };

export interface UpdateTurn {
  /**
   * An update of this lead that goes before it (domain/status-update.ts) is still open, failed or in doubt, or an earlier
   * updates file is not read to its end.
   */
  readonly held: boolean;
  /** So long a request of an older update, which ended without an answer, may still be carried out. 0: none may. */
  readonly arrivingForMs: number;
  /** By the partner's own dates a newer update was accepted already: sending this one would set the lead back. */
  readonly overtaken: boolean;
  /** The content hash of the newest accepted update of this lead equals this one's. */
  readonly repeatsLatest: boolean;
  /** An update with a final estado was accepted for this lead. */
  readonly acceptedFinal: boolean;
  /** A newer update of this lead is there already and was not sent yet; never where this one may have been set already. */
  readonly newerWaits: boolean;
}

/** Worker processes, their heartbeat, and who leads. */
export interface InstanceLedger {
  enrol(instance: {
    readonly id: string;
    readonly host: string;
    readonly pid: number;
    readonly roles: readonly string[];
    /** What else the audit log is told of it. */
    readonly about?: Readonly<Record<string, string>>;
  }): Promise<void>;
  heartbeat(id: string): Promise<void>;
  drained(id: string): Promise<void>;
  /** Is a `run` service alive (heartbeat within 15 s) with this role? */
  serviceAlive(role: string): Promise<boolean>;
  /** What this instance sees in the inboxes and does not take; replaces what it saw before. */
  noteInboxes(id: string, notes: readonly InboxNote[]): Promise<void>;
  /** What this instance can't do, of one code; replaces what it said of the same code before. What stays keeps its time. */
  noteTroubles(id: string, code: TroubleCode, troubles: readonly ServiceTrouble[]): Promise<void>;
  /** Can the row's holder no longer write its request? Drained, alive past the deadline, or silent for the quiet period. */
  holderFenced(
    rowId: string,
    rule: { readonly deadlineMs: number; readonly quietPeriodMs: number },
  ): Promise<FencedAnswer>;
}

/** What is not taken out of a partner's folder, by count alone. */
export interface InboxCounts {
  readonly partner: string;
  /** Files that are still not proven whole, 30 minutes after they were first seen. */
  readonly arriving: number;
  /** Links, devices, pipes: never taken. */
  readonly passedOver: number;
  /** Files that are whole and could not be claimed at the last look. */
  readonly stuck: number;
  /** The system's code of what went wrong, such as EACCES. */
  readonly trouble: string | null;
}

export interface InboxNote extends InboxCounts {
  /** How long ago the first of the arriving files was first seen. */
  readonly arrivingForMs: number;
}

export interface InboxView extends InboxCounts {
  readonly arrivingSince: Date | null;
}

/** What keeps a service from a part of its work until a person has seen to it. */
export type TroubleCode = Extract<FaultCode, 'CONFIG_KEY_ROTATED' | 'FILE_NOT_KEPT'>;

export interface ServiceTrouble {
  /** Whose files. Null: nobody's in particular. */
  readonly partner: string | null;
  /** Files that wait for it to be over. */
  readonly files: number;
  /** The system's code, such as ENOSPC. Null: it is none of the system's. */
  readonly system: string | null;
}

export interface ServiceTroubleView extends ServiceTrouble {
  readonly code: TroubleCode;
  readonly host: string;
  readonly pid: number;
  readonly since: Date;
}

export interface FencedAnswer {
  readonly fenced: boolean;
  /** And the quiet period since the intent is over. */
  readonly quiet: boolean;
  readonly waitMs: number;
}

/** Read models for people. */
export interface LedgerViews {
  counts(): Promise<
    readonly { readonly kind: RowKind; readonly partner: string; readonly state: RowState; readonly n: number }[]
  >;
  files(filter: {
    readonly partner?: string;
    readonly state?: string;
    /** Files older than this one: the next page of a listing. */
    readonly belowId?: string;
    readonly limit: number;
  }): Promise<readonly LedgerFileView[]>;
  /** The newest files without their counts, which are most of what a view costs. */
  newestFiles(limit: number): Promise<readonly LedgerFile[]>;
  fileView(id: string): Promise<LedgerFileView | null>;
  /** What the services that are alive see in the inboxes and do not take, by partner. */
  inboxes(): Promise<readonly InboxView[]>;
  /** What the services that are alive say they can't do, the oldest first. */
  serviceTroubles(): Promise<readonly ServiceTroubleView[]>;
  rows(filter: RowFilter): Promise<readonly LedgerRow[]>;
  /** Rows by row id, leadId, idLanding or keyed hashes of a partnerLeadId (one for each partner that may have it). */
  findRows(key: {
    readonly text: string;
    readonly partnerLeadIdMacs: readonly string[];
  }): Promise<readonly LedgerRow[]>;
  updatesOf(leadRow: string): Promise<readonly LedgerRow[]>;
  history(rowId: string): Promise<readonly AuditLine[]>;
  attempts(rowId: string): Promise<readonly AttemptLine[]>;
  /**
   * Will an update of the file go on within moments: it waits for its lead, for another update of its lead or for a
   * file, and that one is at work or has ended? Not: what waits for its next try.
   */
  goesOnSoon(fileId: string): Promise<boolean>;
  /** Counts every row of a file by state, exactly. */
  countExactly(fileId: string): Promise<Readonly<Record<string, number>>>;
}

export interface LedgerFileView extends LedgerFile {
  readonly counts: Readonly<Record<string, number>>;
  readonly countsByKind: CountsByKind;
  /** Open rows that the file does not let go. */
  readonly heldBack: number;
}

export interface RowFilter {
  readonly partner?: string;
  readonly fileId?: string;
  readonly state?: string;
  readonly code?: string;
  readonly kind?: RowKind;
  readonly rowId?: string;
  /** Rows of the files of this night. */
  readonly night?: string;
  readonly since?: Date;
  readonly until?: Date;
  /** Rows older than this one: the next page of a listing. */
  readonly belowId?: string;
  readonly limit: number;
}

export interface AuditLine {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly attemptId: string | null;
}

export interface AttemptLine {
  readonly id: string;
  readonly step: string;
  readonly fence: number;
  readonly instance: string;
  readonly begunAt: Date;
  readonly endedAt: Date | null;
  readonly evidence: string | null;
  readonly httpStatus: number | null;
  readonly outcome: string | null;
  readonly code: string | null;
  /** What the answer named, also when it came too late to count. */
  readonly leadId: string | null;
}

/** The only truth. */
export interface Ledger
  extends RowMoves, FileLedger, HeldFiles, WorkLedger, UpdateLedger, InstanceLedger, AccountLedger, LedgerViews {}
