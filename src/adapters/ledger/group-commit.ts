import { isLockConflict, isRefusedData } from './broken-connection.ts';

/**
 * Collects concurrent writes into one statement without a timer: whenever a lane is free, everything that waits goes.
 * Each caller goes on when the statement that carried its write has committed. A statement refused for its data is
 * split in halves until the poison write is alone, so that its neighbours are written; a broken connection is never
 * split (the statement may have committed) and is thrown to every caller.
 */
export function createGroupCommit<W, R>(options: {
  /** Writes with the same key never share a statement: the later one waits for the next. Defaults to none. */
  readonly keyOf?: (write: W) => string | null;
  readonly execute: (writes: readonly W[]) => Promise<readonly R[]>;
  /** Statements at the same time. Defaults to 2. */
  readonly lanes?: number;
  /** Writes a statement. Defaults to 500. */
  readonly maxBatch?: number;
}): (write: W) => Promise<R> {
  const { keyOf = () => null, execute, lanes = 2, maxBatch = 500 } = options;
  let waiting: Waiting<W, R>[] = [];
  const inFlight = new Set<string>();
  let busyLanes = 0;
  let scheduled = false;

  function schedule(): void {
    if (scheduled || busyLanes >= lanes || waiting.length === 0) return;
    scheduled = true;
    // One turn of the event loop lets every write that became ready in this turn join the batch.
    setImmediate(() => {
      scheduled = false;
      void runLane();
    });
  }

  async function runLane(): Promise<void> {
    const batch = takeBatch();
    if (batch.length === 0) return;
    busyLanes += 1;
    schedule();
    try {
      await commit(batch);
    } finally {
      for (const { write } of batch) inFlight.delete(keyOf(write) ?? '');
      busyLanes -= 1;
      schedule();
    }
  }

  function takeBatch(): Waiting<W, R>[] {
    const batch: Waiting<W, R>[] = [];
    const left: Waiting<W, R>[] = [];
    for (const entry of waiting) {
      const key = keyOf(entry.write);
      if (batch.length < maxBatch && (key === null || !inFlight.has(key))) {
        if (key !== null) inFlight.add(key);
        batch.push(entry);
      } else {
        left.push(entry);
      }
    }
    waiting = left;
    return batch;
  }

  async function commit(batch: readonly Waiting<W, R>[], tries = 0): Promise<void> {
    try {
      const results = await execute(batch.map((entry) => entry.write));
      batch.forEach((entry, index) => entry.resolve(results[index] as R));
    } catch (error) {
      if (isLockConflict(error) && tries < maxLockTries) {
        await commit(batch, tries + 1);
      } else if (batch.length > 1 && isRefusedData(error)) {
        const middle = Math.ceil(batch.length / 2);
        await commit(batch.slice(0, middle));
        await commit(batch.slice(middle));
      } else {
        for (const entry of batch) entry.reject(error);
      }
    }
  }

  return (write) =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ write, resolve, reject });
      schedule();
    });
}

/** A deadlock or a lock that was not given in time: nothing was written, and next time the other one is done. */
const maxLockTries = 3;

interface Waiting<W, R> {
  readonly write: W;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}
