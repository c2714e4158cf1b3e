import { sql } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import type { CallGate } from '../../app/ports.ts';
import type { LedgerDatabase } from './database.ts';

/**
 * Lets calls through at the account's rate, which all processes share through the ledger, and at this process's
 * concurrency. Slots in time are reserved some at once, so that a fast pace costs few statements. Aborting while waiting
 * throws the signal's reason and gives the place back.
 */
export function createCallGate(options: {
  readonly db: LedgerDatabase;
  readonly account: string;
  /** 0: no limit. */
  readonly ratePerSecond: number;
  readonly concurrency: number;
}): CallGate {
  const { db, account, ratePerSecond, concurrency } = options;
  let inside = 0;
  const queue: (() => void)[] = [];
  let slots: number[] = [];
  let reserving: Promise<void> | null = null;

  function leave(): void {
    const next = queue.shift();
    if (next === undefined) inside -= 1;
    else next();
  }

  async function takePlace(signal: AbortSignal): Promise<void> {
    if (inside < concurrency) {
      inside += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        const index = queue.indexOf(enter);
        if (index >= 0) queue.splice(index, 1);
        reject(signal.reason as Error);
      };
      queue.push(enter);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** The next slot in time, by this process's monotonic clock. */
  async function takeSlot(): Promise<number> {
    for (;;) {
      const slot = slots.shift();
      if (slot !== undefined) return slot;
      await (reserving ??= reserve().finally(() => (reserving = null)));
    }
  }

  async function reserve(): Promise<void> {
    // A quarter of a second ahead at most: what a process reserves and doesn't use is lost to the others.
    const count = Math.max(1, Math.min(concurrency, Math.ceil(ratePerSecond / 4)));
    const span = sql`${count / ratePerSecond}::float8 * interval '1 second'`;
    const { rows } = await sql<{ waitMs: number }>`
      insert into api_pace as pace (account, next_free) values (${account}, clock_timestamp() + ${span})
      on conflict (account) do update set next_free = greatest(pace.next_free, clock_timestamp()) + ${span}
      returning (extract(epoch from pace.next_free - ${span} - clock_timestamp()) * 1000)::float8 as "waitMs"`.execute(
      db,
    );
    const first = performance.now() + Math.max(0, rows[0]?.waitMs ?? 0);
    slots = Array.from({ length: count }, (_, index) => first + (index * 1000) / ratePerSecond);
  }

  return {
    async enter(signal) {
      signal.throwIfAborted();
      await takePlace(signal);
      try {
        if (ratePerSecond > 0) {
          const waitMs = (await takeSlot()) - performance.now();
          if (waitMs > 0) await pause(waitMs, undefined, { signal });
        }
        return { leave };
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}
