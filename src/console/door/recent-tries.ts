/** A try is recent for so long. */
const windowMs = 15 * 60_000;
/** What is remembered grows with every guess, and would be a way to fill the memory. */
const mostKept = 10_000;

/** Counts tries by whatever names who tries: wrong passwords, wrong tokens, roles that did not do. */
export interface RecentTries {
  /** How long until there are fewer than `most` recent ones; 0: there are. */
  waitMs(key: string, most: number): number;
  /** Notes one; answers how many recent ones there are with it. */
  note(key: string): number;
  /** Forgets the newest: it was none after all. */
  takeBack(key: string): void;
  forget(key: string): void;
}

/** Of one process, in memory. Who was quiet for longest is forgotten first. */
export function createRecentTries(monotonicMs: () => number): RecentTries {
  const tries = new Map<string, readonly number[]>();
  const recent = (key: string): readonly number[] =>
    (tries.get(key) ?? []).filter((at) => at > monotonicMs() - windowMs);

  return {
    waitMs(key, most) {
      const first = recent(key).at(-most);
      return first === undefined ? 0 : first + windowMs - monotonicMs();
    },
    note(key) {
      const times = [...recent(key), monotonicMs()];
      // A Map keeps the order of insertion: the first is the one that was quiet for longest.
      tries.delete(key);
      tries.set(key, times);
      for (const quietest of tries.keys()) {
        if (tries.size <= mostKept) break;
        tries.delete(quietest);
      }
      return times.length;
    },
    takeBack(key) {
      const times = recent(key).slice(0, -1);
      if (times.length === 0) tries.delete(key);
      else tries.set(key, times);
    },
    forget: (key) => void tries.delete(key),
  };
}
