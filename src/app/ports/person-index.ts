import type { RowFilter } from './ledger.ts';
import type { LedgerRow } from './row.ts';

/** Rows by keyed hashes of the person they are about. Filled behind the reading of files, from what is committed. */
export interface PersonIndex {
  /**
   * The next rows that are not in the index, or not as they are now; null where there are none. A batch may be empty: a
   * file's numbers have gaps.
   */
  nextToIndex(limit: number): Promise<RowsToIndex | null>;
  /** Puts a batch into the index. False: another process has, and nothing was written. */
  writeTags(batch: RowsToIndex, tags: readonly PersonTag[]): Promise<boolean>;
  /** Rows with one of these tags, newest first. Tags are short: the row has to be opened and looked at. */
  taggedRows(tags: readonly string[], filter: RowFilter): Promise<readonly LedgerRow[]>;
  /** Rows that are not in the index yet, page by page: those that have changed, then the newest file's first. */
  unindexedRows(filter: Omit<RowFilter, 'belowId' | 'limit'>): AsyncIterable<readonly LedgerRow[]>;
  /** How many rows are not in the index, about. */
  countUnindexed(): Promise<number>;
}

export interface RowsToIndex {
  readonly rows: readonly Pick<LedgerRow, 'id' | 'keyId' | 'payload'>[];
  /** Where they were taken from, for the ledger to read. */
  readonly from: unknown;
  /** A file is being read now. */
  readonly isReading: boolean;
}

export interface PersonTag {
  /** 64 bits, as the text of a signed number. */
  readonly tag: string;
  readonly rowId: string;
}
