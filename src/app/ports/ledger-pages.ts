import type { RowKind } from '../../domain/file-life.ts';
import type { AuditLine, ResultRow, RowFilter } from './ledger.ts';
import type { LedgerRow, RowState } from './row.ts';

/** What pages ask beyond LedgerViews. Each answer costs about the same, whatever the ledger holds. */
export interface LedgerPages {
  /**
   * One page of the rows that fit: those of no file first, newest first; then file by file, the newest file first, in the
   * order of the file. `after` is a row's id. At most some ten thousand rows are looked at: with a filter that fits few
   * of them a page may have less than `limit` and still lead on.
   */
  walkRows(filter: WalkFilter, after: string | null, limit: number): Promise<RowPage>;
  /** What was audited of a file itself, oldest first, without the batches in which it was read. */
  fileHistory(fileId: string): Promise<readonly AuditLine[]>;
  /** The rows of a file as its result tells of them, in its order, each page of them as things stand when it is asked for. */
  resultRows(fileId: string): AsyncIterable<ResultRow>;
  /** Rows in doubt, oldest first, after a row's id. */
  doubts(
    filter: { readonly partner?: string; readonly kind?: RowKind },
    after: string | null,
    limit: number,
  ): Promise<readonly LedgerRow[]>;
  /** Since when the oldest of the rows that wait for a person has done so, among the 500 oldest of each state. */
  oldestParked(): Promise<readonly OldestParked[]>;
  /** How long the row that is due longest has been due, in files that let their rows go. Kinds without one are left out. */
  longestDue(): Promise<readonly { readonly kind: RowKind; readonly dueForMs: number }[]>;
  /** Services that are alive, and those that fell silent within a day without saying goodbye. Newest first. */
  instances(): Promise<readonly Instance[]>;
}

export type WalkFilter = Omit<RowFilter, 'belowId' | 'limit' | 'rowId'>;

export interface RowPage {
  readonly rows: readonly LedgerRow[];
  /** Where the next page goes on. Null: there are no more rows. */
  readonly next: string | null;
  /** So many rows were looked at without finding a page full. Null: the page is full, or everything was looked at. */
  readonly lookedAt: number | null;
}

export interface OldestParked {
  readonly kind: RowKind;
  readonly partner: string;
  readonly state: RowState;
  readonly since: Date;
}

export interface Instance {
  readonly id: string;
  readonly host: string;
  readonly roles: readonly string[];
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
  readonly isAlive: boolean;
}
