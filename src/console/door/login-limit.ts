/** So many wrong passwords within `windowMs`, and no further try is looked at until the first of them is as old. */
const windowMs = 15 * 60_000;
const mostOfPair = 5;
const mostOfName = 20;
const mostOfAddress = 50;

/** A log that grows with every guess would be a way to fill the disk. */
const mostKept = 10_000;
/** And one of names as long as a form may be a way to fill the memory. Longer ones that begin alike count as one. */
const longestName = 64;

export interface LoginLimit {
  /** How long until this one may try again; 0: now. */
  waitMs(name: string, address: string): number;
  /** Notes a try. Before its password is looked at, or many at once would all be looked at. */
  tries(name: string, address: string): void;
  /** It was right: it counts as no failure, and makes up for those of the same name and address. */
  wasRight(name: string, address: string): void;
}

/**
 * Slows guessing down: by name and address, so that nobody locks a colleague out from elsewhere with a few tries; by name,
 * against many addresses; by address, against many names. Of one process, in memory.
 */
export function createLoginLimit(monotonicMs: () => number): LoginLimit {
  const failures = new Map<string, number[]>();

  function recent(key: string): number[] {
    const since = monotonicMs() - windowMs;
    const times = (failures.get(key) ?? []).filter((at) => at > since);
    if (times.length === 0) failures.delete(key);
    else failures.set(key, times);
    return times;
  }

  const keysOf = (tried: string, address: string) => {
    const name = tried.slice(0, longestName);
    return [
      [JSON.stringify([name, address]), mostOfPair],
      [JSON.stringify({ name }), mostOfName],
      [JSON.stringify({ address }), mostOfAddress],
    ] as const;
  };

  return {
    waitMs(name, address) {
      const waits = keysOf(name, address).map(([key, most]) => {
        const times = recent(key);
        const first = times.at(-most);
        return first === undefined ? 0 : first + windowMs - monotonicMs();
      });
      return Math.max(...waits);
    },
    tries(name, address) {
      for (const [key] of keysOf(name, address)) {
        const times = [...recent(key), monotonicMs()];
        failures.delete(key);
        failures.set(key, times);
      }
      // A Map keeps the order of insertion: the first is the one without a failure for longest.
      for (const key of failures.keys()) {
        if (failures.size <= mostKept) break;
        failures.delete(key);
      }
    },
    wasRight(name, address) {
      const [[pair], ...others] = keysOf(name, address);
      failures.delete(pair);
      for (const [key] of others) failures.set(key, recent(key).slice(0, -1));
    },
  };
}
