import type { Act } from './held-files.ts';
import type { LedgerRow } from './row.ts';

/** A create that the spool knows and the ledger does not, with the row that stands for its lead when the ledger has none. */
export interface LostCreate {
  readonly attemptId: string;
  readonly instance: string;
  readonly at: Date;
  readonly partner: string;
  readonly identity: string;
  readonly content: string | null;
  /** A lead without a word in it, sealed: its file is not in this ledger. */
  readonly keyId: number;
  readonly payload: Uint8Array;
}

/** A create put in doubt: the move that follows can name it. */
export interface PutInDoubt {
  readonly attemptId: string;
  readonly rowId: string;
  readonly fence: number;
  /** The ledger had no row of this lead. */
  readonly isNew: boolean;
}

export interface UnansweredRow extends LedgerRow {
  /** A create of it before this one may have been carried out. Its code may have been changed since by the sweeper. */
  readonly isRepeated: boolean;
}

/** What the ledger lacks of what the spool knows. */
export interface GapLedger {
  /**
   * Rows of these holders of which nobody has written down how their request ended: of those that have ended, and of the
   * others that are silent for long.
   */
  unanswered(holders: readonly string[], ended: readonly string[]): Promise<readonly UnansweredRow[]>;
  /** Those of the attempts that the ledger does not know, and that nobody has recovered. */
  missing(attempts: readonly string[]): Promise<readonly string[]>;
  /**
   * This host's spool is ahead of the ledger: all work is paused until somebody has recovered it. Row numbers begin
   * behind `highestRow` from now on: what was sent under a number must not be sent under it for another lead. It is asked
   * for only while this is not known, in which case the answer is false.
   */
  noteGap(gap: {
    readonly spool: string;
    readonly host: string;
    readonly attempts: number;
    readonly highestRow: () => Promise<string>;
    readonly actor: string;
  }): Promise<boolean>;
  /** Spools that are ahead of the ledger, by the host that found it. */
  gaps(): Promise<readonly { readonly spool: string; readonly host: string; readonly since: Date }[]>;
  /**
   * Puts the leads of lost creates in doubt, each at most once: the row that holds the lead or the newest of it that
   * ended, else a new row that holds its identity. A lead that is registered stays as it is. One that is on its way or in
   * doubt comes into doubt by the lost create, which came after: an answer to the request before it, that nothing was
   * done, would send it again, and whoever asks the insurer has to ask about the later one.
   */
  putInDoubt(lost: readonly LostCreate[], act: Act): Promise<readonly PutInDoubt[]>;
  /** These attempts are accounted for: they are missing no more. */
  settle(attempts: readonly string[]): Promise<void>;
  endGap(spool: string, act: Act): Promise<void>;
}
