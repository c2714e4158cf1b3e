import type { Act } from './held-files.ts';
import type { RowGroup, RowSelection } from './replay-ledger.ts';

export interface CancelGroup extends RowGroup {
  /** Nothing of these is on its way, and nothing may have been created. */
  readonly canBeCancelled: boolean;
}

/** Rows that are taken out of work by what they have in common. */
export interface CancelLedger {
  /** Counts what the selection is about. `upTo` is the newest row there was: what comes later is not meant. */
  previewCancel(
    selection: RowSelection,
  ): Promise<{ readonly groups: readonly CancelGroup[]; readonly upTo: string | null }>;
  /**
   * Cancels the next rows of the selection, by row id after one of them; what has moved on meanwhile is looked at as it is
   * now. One statement: may be repeated. `last` is the row up to which everything was seen to; null: that was all.
   */
  cancelSome(
    selection: RowSelection,
    page: { readonly after: string; readonly upTo: string; readonly limit: number },
    act: Act,
  ): Promise<{ readonly last: string | null; readonly cancelled: number }>;
}
