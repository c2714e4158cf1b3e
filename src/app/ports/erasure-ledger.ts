import type { Act } from './held-files.ts';
import type { LedgerFile } from './ledger.ts';
import type { LedgerRow } from './row.ts';

/** Persons whose data are erased, and how far that has come. */
export interface ErasureLedger {
  /**
   * Rows that are of the leads of these rows by something else than the person: of the same lead, duplicates and what they
   * repeat, status updates.
   */
  relativesOf(rows: readonly string[]): Promise<readonly LedgerRow[]>;
  /**
   * Writes an erasure down, puts the person on the suppression list and marks the rows, in one statement: from its commit
   * on nothing of the person is read or sent. Answers the erasure's id.
   */
  beginErasure(erasure: NewErasure, act: Act): Promise<string>;
  /** Oldest first. */
  unfinishedErasures(): Promise<readonly OpenErasure[]>;
  /** Waits until whatever was judged by an older suppression list is committed, or will never be. */
  outlastReadings(): Promise<void>;
  /** Adds rows that came in while the erasure was written down. */
  noteGathered(id: string, rows: readonly string[]): Promise<void>;
  /** Rows that can be erased now, in the order of ids: those under way or in doubt are not among them. */
  rowsToErase(after: string, limit: number): Promise<readonly LedgerRow[]>;
  /**
   * Overwrites rows; what was not sent is cancelled. `payload` is what stays of each. One statement, which passes over
   * rows that are erased already or under way by now. Answers how many were erased.
   */
  eraseRows(rows: readonly { readonly id: string; readonly payload: Uint8Array }[], actor: string): Promise<number>;
  /** Files of which something is to be rewritten. */
  filesToErase(): Promise<readonly { readonly file: LedgerFile; readonly mark: number }[]>;
  /** Which rows of a file are erased. */
  erasedRows(fileId: string): Promise<readonly number[]>;
  /** The rows of a file at some of its numbers that are not erased. */
  rowsAt(fileId: string, rowNumbers: readonly number[]): Promise<readonly LedgerRow[]>;
  /** Every name of a file there is, page by page. */
  fileNames(): AsyncIterable<readonly Pick<LedgerFile, 'id' | 'keyId' | 'name'>[]>;
  /** Gives a file a name that tells of nobody, and marks it: what stands under the old one is to be renamed. */
  renameFile(id: string, name: Uint8Array, actor: string): Promise<void>;
  /** Lets one process at a time rewrite something: of two copies of one file, each would lack what the other has blanked. */
  alone<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** The bytes that are about to take the place of the file's own, before they do. */
  noteBlanked(fileId: string, sha256: string): Promise<void>;
  /** Writes down that nothing is left to be rewritten of a file. False: there is more to do since. */
  noteFileErased(
    fileId: string,
    mark: number,
    done: { readonly records: number; readonly actor: string },
  ): Promise<boolean>;
  noteSearched(
    id: string,
    done: { readonly files: number; readonly records: number; readonly actor: string },
  ): Promise<void>;
  /** Ends the erasures of which nothing is left to do; what their persons were searched by is forgotten. */
  endErasures(actor: string): Promise<readonly string[]>;
  /** Is there anything left to do? */
  hasErasures(): Promise<boolean>;
  /** Newest first. With `tags`: those whose persons are on the list by one of them. */
  erasures(of: {
    readonly limit: number;
    /** Those that are older than this one. */
    readonly belowId?: string;
    readonly id?: string;
    readonly tags?: readonly string[];
  }): Promise<readonly ErasureView[]>;
  /** Takes the person off the suppression list. Null: there is no such erasure, or it was lifted before. */
  liftSuppression(id: string, act: Act): Promise<ErasureView | null>;
  /** Takes what could not be found of the erasure's files for gone. Null: there is no such erasure, or it has ended. */
  giveUpFiles(id: string, act: Act): Promise<ErasureView | null>;
}

export interface NewErasure {
  readonly rows: readonly string[];
  /** Keyed hashes of what the person is recognised by. */
  readonly tags: readonly { readonly tag: string; readonly evenWithNif: boolean }[];
  /** What rows and files are searched by, sealed with the key `keyId`. */
  readonly keyId: number;
  readonly person: Uint8Array;
}

export interface OpenErasure {
  readonly id: string;
  readonly keyId: number;
  readonly person: Uint8Array;
  readonly isGathered: boolean;
  readonly isSearched: boolean;
}

/** What can be told of an erasure: nothing of the person. */
export interface ErasureView {
  readonly id: string;
  readonly actor: string;
  readonly reason: string;
  readonly begunAt: Date;
  /** Null: something is left to do. */
  readonly endedAt: Date | null;
  /** Rows of which nothing is left but their outcome. */
  readonly erased: number;
  /** Rows that came later and were refused, since their person is on the suppression list. */
  readonly refused: number;
  readonly left: {
    /** Rows that will be erased in a moment. */
    readonly rows: number;
    /** A request of them is on its way. */
    readonly underWay: number;
    /** A person has to find out what became of them first. */
    readonly inDoubt: number;
    readonly files: number;
    readonly isSearched: boolean;
  };
  /** Null: the person is on the suppression list. */
  readonly lifted: { readonly at: Date; readonly actor: string; readonly reason: string } | null;
}
