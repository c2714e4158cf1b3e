import { sql } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallGate } from '../../app/ports.ts';
import type { LedgerDatabase } from './database.ts';

/**
 * Lets calls through at the account's rate, which all processes share through the ledger, and at this process's own
 * concurrency: two processes have twice as many calls in flight, at the same rate. Slots in time are reserved for all
 * that wait, so that a fast pace costs few statements. Aborting while waiting throws the signal's reason and gives the
 * place back; entering throws what the database throws.
 */
export function createCallGate(options: {
  readonly db: LedgerDatabase;
  readonly account: string;
  /** 0: no limit. */
  readonly ratePerSecond: number;
  readonly concurrency: number;
}): CallGate {
  const { db, account, ratePerSecond, concurrency } = options;
  const places = createPlaces(concurrency);
  let slots: number[] = [];
  let wanted = 0;
  let reserving: Promise<void> | null = null;

  /** The next slot in time, by this process's monotonic clock. */
  async function takeSlot(): Promise<number> {
    wanted += 1;
    try {
      for (;;) {
        const slot = slots.shift();
        if (slot !== undefined) return slot;
        await (reserving ??= reserve().finally(() => (reserving = null)));
      }
    } finally {
      wanted -= 1;
    }
  }

  async function reserve(): Promise<void> {
    // As many as wait and no more: a slot that is kept for later would be a burst then, beyond the rate. A quarter of a
    // second's worth at most: another process waits no longer than that for its turn.
    const count = Math.max(1, Math.min(wanted, Math.ceil(ratePerSecond / 4)));
    const span = sql`${count / ratePerSecond}::float8 * interval '1 second'`;
    const { rows } = await sql<{ waitMs: number }>`
      insert into api_pace as pace (account, next_free) values (${account}, clock_timestamp() + ${span})
      on conflict (account) do update set next_free = greatest(pace.next_free, clock_timestamp()) + ${span}
      returning (extract(epoch from next_free - ${span} - clock_timestamp()) * 1000)::float8 as "waitMs"`.execute(db);
    const first = performance.now() + Math.max(0, rows[0]?.waitMs ?? 0);
    slots = Array.from({ length: count }, (_, index) => first + (index * 1000) / ratePerSecond);
  }

  return {
    async enter(signal) {
      signal.throwIfAborted();
      await places.take(signal);
      try {
        if (ratePerSecond > 0) await until(await takeSlot(), signal);
        return { leave: once(places.giveBack) };
      } catch (error) {
        places.giveBack();
        throw error;
      }
    },
  };
}

interface Places {
  take(signal: AbortSignal): Promise<void>;
  giveBack(): void;
}

/** So many at once; the others wait in order of arrival. */
function createPlaces(count: number): Places {
  let taken = 0;
  const waiting: (() => void)[] = [];
  return {
    async take(signal) {
      if (taken < count) {
        taken += 1;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const enter = (): void => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        };
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(enter), 1);
          reject(signal.reason as Error);
        };
        waiting.push(enter);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
    giveBack() {
      const next = waiting.shift();
      if (next === undefined) taken -= 1;
      else next();
    },
  };
}

async function until(moment: number, signal: AbortSignal): Promise<void> {
  const waitMs = moment - performance.now();
  if (waitMs <= 0) return;
  // The timer's own AbortError would hide why.
  await pause(waitMs, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}

/** A place given back twice would let one call too many through for ever. */
function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
