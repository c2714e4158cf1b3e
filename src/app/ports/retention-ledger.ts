import type { RetentionRules } from '../../domain/retention.ts';
import type { Act } from './held-files.ts';

/** What one window of rows has come to. */
export interface RetiredRows {
  /** Whose values were destroyed, or blocked. */
  readonly rows: number;
  /** How many row numbers were looked at. */
  readonly lookedAt: number;
}

/** Whose time is over, by what would be done. */
export interface RowsPastTime {
  readonly state: string;
  readonly rows: number;
}

export interface DestroyedKey {
  readonly partner: string;
  /** yyyy-mm */
  readonly month: string;
}

/**
 * What is past its time in the ledger. Every step is one transaction over a bounded number of rows, decides by the
 * database's clock, and may be taken by several processes at once; a kill leaves it done or not done.
 */
export interface RetentionLedger {
  /** Everybody with files or rows, with a config or without. */
  partners(): Promise<readonly string[]>;
  /**
   * Goes on with the next file of a partner in which something may be past its time. Null: there is none.
   */
  retireRows(partner: string, rules: RetentionRules, actor: string): Promise<RetiredRows | null>;
  /** Rows that were entered by hand, a bounded number. Answers how many. */
  retireRowsByHand(partner: string, rules: RetentionRules, actor: string): Promise<number>;
  /** Destroys blocked values whose time is over, a bounded number. Answers how many. */
  destroyBlocked(actor: string): Promise<number>;
  /**
   * Destroys the data keys of months of which nothing is needed any more: no value, name or blocked value is sealed with
   * them, and every file that they may have sealed is past its time.
   */
  destroyKeys(partner: string, rules: RetentionRules, actor: string): Promise<readonly DestroyedKey[]>;
  /** Which of these files, settled or turned away and without a row at work or in doubt, are older than so long. */
  filesPast(partner: string, ids: readonly string[], keepMs: number): Promise<readonly string[]>;
  /** Before something of a file is taken away. False: it is at work again since it was asked for, and nothing is noted. */
  noteRemoval(
    removal: { readonly fileId: string; readonly what: 'bytes' | 'results'; readonly keepMs: number },
    actor: string,
  ): Promise<boolean>;

  /** How many rows have to be looked at, for a progress bar. */
  rowsToLookAt(partner: string, rules: RetentionRules): Promise<number>;
  /** What would be done. Bounded windows; nothing is written. */
  rowsPast(partner: string, rules: RetentionRules, done: (rows: number) => void): Promise<readonly RowsPastTime[]>;
  blockedPast(): Promise<{ readonly past: number; readonly blocked: number }>;
  keysPast(partner: string, rules: RetentionRules): Promise<readonly DestroyedKey[]>;
  noteRun(act: Act): Promise<void>;
}
