import type { FaultCode } from '../../domain/faults.ts';
import type { RowKind } from '../../domain/file-life.ts';
import type { Act } from './held-files.ts';
import type { RowFilter } from './ledger.ts';
import type { RowState } from './row.ts';

/** What a replay would do to a row, and why. */
export type ReplayClass =
  /** Proven not to have created anything: taken back to work. */
  | 'safe'
  /** May exist at the insurer: a person decides with `resolve`. */
  | 'in_doubt'
  /** Rejected for what the row itself says: only a corrected file changes that. */
  | 'needs_corrected_file'
  /** Ended for good, at work already, or of a file that was turned away. */
  | 'not_replayable';

/** Rows without a limit are all of them. */
export type RowSelection = Omit<RowFilter, 'limit'> & { readonly limit?: number };

/** Rows that look the same to a person. */
export interface RowGroup {
  readonly partner: string;
  readonly kind: RowKind;
  readonly state: RowState;
  readonly code: FaultCode | null;
  readonly n: number;
}

export type ReplayGroup = RowGroup & { readonly class: ReplayClass };

export interface ReplayBatch {
  readonly id: string;
  readonly state: 'running' | 'finished' | 'aborted';
  readonly actor: string;
  readonly reason: string;
  /** As typed. */
  readonly filter: Readonly<Record<string, string | number>>;
  /** Rows a second. */
  readonly rate: number;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  /** The frozen selection. */
  readonly rows: number;
  readonly replayed: number;
  /** The row had moved since it was looked at. */
  readonly movedOn: number;
  /** Another row holds the lead meanwhile. */
  readonly heldByAnother: number;
  /** Of those, rows that had failed and are cancelled now, since another row has taken their place. */
  readonly replaced: number;
  /** Their turn has not come; of an aborted batch it never will. */
  readonly left: number;
}

/** A row of a batch that was not taken back to work. */
export interface StayedRow {
  readonly rowId: string;
  readonly why: 'moved_on' | 'held_by_another';
  /** The row that holds the lead. */
  readonly holder: string | null;
  /** As it is now. */
  readonly state: RowState;
  readonly code: FaultCode | null;
}

/** Replays: a selection that is frozen, and then carried out window by window by whoever leads. */
export interface ReplayLedger {
  /** Counts by class what a replay would look at; without a state or a row everything that is parked. Nothing is written. */
  previewReplay(selection: RowSelection): Promise<readonly ReplayGroup[]>;
  /**
   * The same look, and in the same statement the safe rows of it are frozen, each with its version. `id` is that of the
   * batch, which waits for `startReplay`; null where no row is safe.
   */
  proposeReplay(
    selection: RowSelection,
    by: Act & { readonly ratePerSecond: number },
  ): Promise<{ readonly id: string | null; readonly groups: readonly ReplayGroup[] }>;
  /** Lets a proposed batch go. False: it is none any more. */
  startReplay(id: string): Promise<boolean>;
  /** A proposed batch that nobody wants leaves no trace. */
  discardReplay(id: string): Promise<void>;
  /** running → aborted: what is back at work stays there, no more follows. False: it is not running. */
  abortReplay(id: string, by: Act): Promise<boolean>;
  replayBatch(id: string): Promise<ReplayBatch | null>;
  /** Newest first. */
  replayBatches(limit: number): Promise<readonly ReplayBatch[]>;
  /** Rows that stayed, in the order in which their turn came. */
  stayedRows(id: string, limit: number): Promise<readonly StayedRow[]>;
  /** Batches to carry on with, oldest first. */
  runningReplays(): Promise<readonly string[]>;
  /**
   * Takes the next rows of a running batch back to work, as many as its rate allows by now and at most `limit`. Rows,
   * audit and what the batch knows of them are one statement: done wholly or not at all, by any number of processes once.
   */
  carryOnReplay(id: string, limit: number): Promise<{ readonly rows: number }>;
  /** Removes proposals that have been waiting longer than this: whoever made them has gone. */
  forgetProposals(olderThanMs: number): Promise<void>;
}
