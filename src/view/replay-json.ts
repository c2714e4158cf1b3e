import type { ReplayBatch, StayedRow } from '../app/ports/replay-ledger.ts';

/** A batch as scripts see it: names are promises. */
export function replayJson(batch: ReplayBatch, stayed?: readonly StayedRow[]) {
  return { ...batch, ...(stayed === undefined ? {} : { stayed }) };
}
