import { createRecentTries } from './recent-tries.ts';

/** So many recent wrong passwords, and no further try is looked at until the first of them is recent no more. */
const mostOfPair = 5;
const mostOfName = 20;
const mostOfAddress = 50;

/** A name may be as long as a form. Longer ones that begin alike count as one. */
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
  const failures = createRecentTries(monotonicMs);

  const keysOf = (tried: string, address: string) => {
    const name = tried.slice(0, longestName);
    return [
      [JSON.stringify([name, address]), mostOfPair],
      [JSON.stringify({ name }), mostOfName],
      [JSON.stringify({ address }), mostOfAddress],
    ] as const;
  };

  return {
    waitMs: (name, address) => Math.max(...keysOf(name, address).map(([key, most]) => failures.waitMs(key, most))),
    tries(name, address) {
      for (const [key] of keysOf(name, address)) failures.note(key);
    },
    wasRight(name, address) {
      const [[pair], ...others] = keysOf(name, address);
      failures.forget(pair);
      for (const [key] of others) failures.takeBack(key);
    },
  };
}
