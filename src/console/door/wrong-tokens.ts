/** So many wrong tokens of an address within `windowMs`, and no further one is looked at until the first of them is as old. */
const windowMs = 15 * 60_000;
const mostOfAddress = 50;
/** Addresses that are remembered. */
const mostKept = 10_000;

export interface WrongTokens {
  /** How long until tokens from there are looked at again; 0: now. */
  waitMs(address: string): number;
  /** Notes a wrong one. True: it is the one with which the wait begins. */
  note(address: string): boolean;
}

/** Counts wrong tokens by where they came from. Of one process, in memory. */
export function countWrongTokens(monotonicMs: () => number): WrongTokens {
  const wrong = new Map<string, readonly number[]>();
  const recent = (address: string): readonly number[] =>
    (wrong.get(address) ?? []).filter((at) => at > monotonicMs() - windowMs);
  return {
    waitMs(address) {
      const first = recent(address).at(-mostOfAddress);
      return first === undefined ? 0 : first + windowMs - monotonicMs();
    },
    note(address) {
      const times = [...recent(address), monotonicMs()];
      // A Map keeps the order of insertion: the first is the one that was quiet for longest.
      wrong.delete(address);
      wrong.set(address, times);
      for (const other of wrong.keys()) {
        if (wrong.size <= mostKept) break;
        wrong.delete(other);
      }
      return times.length === mostOfAddress;
    },
  };
}
