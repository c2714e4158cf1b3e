import type { LedgerRow } from './ports/row.ts';
import type { MoveResult, RowMoves } from './ports/row-moves.ts';

/** The states that a replay may take back to work: each is proven not to have created anything. */
const replayableStates = ['failed', 'rejected', 'not_managed', 'cancelled'] as const;

/**
 * failed, rejected, not_managed, cancelled → received: by a person, with a reason. Everything is asked anew, under a new fence and a
 * new Idempotency-Key. `taken`: another row holds the lead meanwhile, so this one can't be sent; if it had failed it is
 * cancelled, since it would be listed as failed for ever. A batch does the same (adapters/ledger/carry-on-replay.ts).
 */
export async function takeBackToWork(
  ledger: RowMoves,
  row: LedgerRow,
  by: { readonly actor: string; readonly reason: string },
): Promise<MoveResult> {
  const result = await ledger.move({
    rowId: row.id,
    from: replayableStates,
    fence: row.fence,
    version: row.version,
    to: 'received',
    newFence: true,
    dueInMs: 0,
    set: { step: null, attempts: 0, replays: row.replays + 1, code: null, problems: [], message: null, endedJob: null },
    audit: { action: 'row.replayed', actor: by.actor, reason: by.reason },
  });
  if (!result.won && result.why === 'taken' && row.kind === 'lead' && row.state === 'failed') {
    await ledger.move({
      rowId: row.id,
      from: ['failed'],
      fence: row.fence,
      version: row.version,
      to: 'cancelled',
      set: { code: 'ROW_REPLACED', problems: [] },
      audit: { action: 'row.cancelled', actor: by.actor, code: 'ROW_REPLACED', reason: by.reason },
    });
  }
  return result;
}
