import pRetry from 'p-retry';
import type { MoveResult, RowMove, RowMoves } from './ports/row-moves.ts';

/**
 * Writes an answer that the API has given, through any outage of the database: the answer exists only here. Repeating the
 * move is harmless: once it has committed, the repeat finds the row moved on by this very attempt. Gives up when the
 * process has to end; the row is then found by the sweeper, in doubt.
 */
export async function keepWriting(ledger: RowMoves, move: RowMove, signal: AbortSignal): Promise<MoveResult> {
  // The first try asks no signal: an answer that comes while the process is ending is written if it can be.
  const first = await ledger.move(move).catch((error: unknown) => {
    if (error instanceof Error && !isBug(error)) return null;
    throw error;
  });
  if (first !== null) return first;
  return pRetry(() => ledger.move(move), {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 50,
    maxTimeout: 2000,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => !isBug(error),
  });
}

/** A statement that was refused for what it says stays refused. */
function isBug(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && /^(22|23|42)/.test(error.code);
}
