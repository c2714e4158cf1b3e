import type { CallGate, Turn } from '../../app/ports.ts';
import type { LedgerDatabase } from './database.ts';
import { leasePlaces } from './lease-places.ts';
import { createPace } from './pace.ts';
import { createPlaces, placeTiming, type Places, type PlaceTiming } from './places.ts';

/** Calls are quick that take so much of the send budget on average: who enters ahead has a place in a part of that. */
const quickShare = 0.25;

/** For clocks, commits and timers. */
const marginMs = 2_000;

export interface LedgerGate extends CallGate {
  /** Gives this process's places back. Nothing enters any more. */
  close(): Promise<void>;
}

/**
 * Lets calls through at the account's rate and concurrency, both of all processes together through the ledger. What it
 * costs is a statement a quarter of a second of a paced account and two small ones twice a second of a busy process, and
 * nothing a call. Aborting while waiting throws the signal's reason and gives the place back; entering throws what the
 * database throws.
 *
 * The places of a process that dies come back once it has been silent for a lease, a send budget and a call's deadline:
 * a call that it let in at the last moment of its lease has ended by then.
 */
export function createCallGate(options: {
  readonly db: LedgerDatabase;
  readonly account: string;
  readonly instance: string;
  /** At present. 0: no limit. */
  readonly ratePerSecond: () => number;
  readonly concurrency: number;
  /** From entering to the end of a call at most: the age that an intent may have, and the call's own deadline. */
  readonly sendBudgetMs: number;
  readonly timeoutMs: number;
  /** Defaults to `placeTiming`. */
  readonly timing?: PlaceTiming;
}): LedgerGate {
  const { db, account, instance, concurrency, sendBudgetMs, timeoutMs, timing = placeTiming } = options;
  const limits = { limit: concurrency, deadAfterMs: timing.leaseMs + sendBudgetMs + timeoutMs + marginMs };
  const places = createPlaces(
    concurrency,
    ({ underWay, wants }) =>
      leasePlaces(db, account, { instance, underWay, wants: Math.min(wants, concurrency) }, limits),
    { ...timing, quickMs: sendBudgetMs * quickShare },
  );
  const pace = createPace(db, account, options.ratePerSecond);

  return {
    async enter(signal) {
      for (;;) {
        await places.enter(signal);
        try {
          await pace.wait(signal);
        } catch (error) {
          places.leave(null);
          throw error;
        }
        // A process that was frozen while it waited for its moment may have lost its places.
        if (places.isLeased()) return turnAt(places);
        places.leave(null);
      }
    },
    close: () => places.close(),
  };
}

function turnAt(places: Places): Turn {
  let begunAt: number | null = null;
  let hasLeft = false;
  return {
    async begin(withinMs, signal) {
      if (!(await places.begin(withinMs, signal))) return false;
      begunAt = performance.now();
      return true;
    },
    leave() {
      // A place given back twice would let one call too many through for ever.
      if (hasLeft) return;
      hasLeft = true;
      places.leave(begunAt === null ? null : performance.now() - begunAt);
    },
  };
}
