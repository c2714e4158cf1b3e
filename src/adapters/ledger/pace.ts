import { sql } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import type { LedgerDatabase } from './database.ts';

export interface Pace {
  /** Waits for the next slot in time. Aborting throws the signal's reason. */
  wait(signal: AbortSignal): Promise<void>;
}

/** Another process waits no longer than this for its turn. */
const batchSeconds = 0.25;

/**
 * The account's rate, which all processes share through the ledger. Slots in time are reserved for those that wait, a
 * batch at a time and the next one half way through it: a fast pace costs few statements, and a rate that climbs counts
 * from the next batch on. 0 is no limit, and asks the ledger nothing.
 */
export function createPace(db: LedgerDatabase, account: string, ratePerSecond: () => number): Pace {
  let slots: number[] = [];
  let wanted = 0;
  let reserving: Promise<void> | null = null;
  let nextAt = 0;

  /** The next slot in time, by this process's monotonic clock. */
  async function takeSlot(signal: AbortSignal): Promise<number> {
    wanted += 1;
    try {
      for (;;) {
        const slot = slots.shift();
        if (slot !== undefined) return slot;
        reserving ??= reserve().finally(() => (reserving = null));
        await orAborted(reserving, signal);
      }
    } finally {
      wanted -= 1;
    }
  }

  async function reserve(): Promise<void> {
    await pause(Math.max(0, nextAt - performance.now()));
    const rate = ratePerSecond();
    // The limit went while somebody waited: all that wait go now.
    if (rate <= 0) {
      slots = Array.from({ length: wanted }, () => 0);
      return;
    }
    // As many as wait and no more: a slot that is kept for later would be a burst then, beyond the rate.
    const count = Math.max(1, Math.min(wanted, Math.ceil(rate * batchSeconds)));
    const span = sql`${count / rate}::float8 * interval '1 second'`;
    const { rows } = await sql<{ waitMs: number }>`
      insert into api_pace as pace (account, next_free) values (${account}, clock_timestamp() + ${span})
      on conflict (account) do update set next_free = greatest(pace.next_free, clock_timestamp()) + ${span}
      returning (extract(epoch from next_free - ${span} - clock_timestamp()) * 1000)::float8 as "waitMs"`.execute(db);
    const first = performance.now() + Math.max(0, rows[0]?.waitMs ?? 0);
    slots = Array.from({ length: count }, (_, index) => first + (index * 1000) / rate);
    nextAt = first + (count * 500) / rate;
  }

  return {
    async wait(signal) {
      if (ratePerSecond() > 0) await until(await takeSlot(signal), signal);
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

/** What is awaited goes on for the others who wait for it. */
async function orAborted(awaited: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const given = Promise.withResolvers<never>();
  const giveUp = (): void => given.reject(signal.reason as Error);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await Promise.race([awaited, given.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
