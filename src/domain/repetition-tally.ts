import { textHash } from './text-hash.ts';

/** How often things stand in a file more than once. */
export interface Repetitions {
  /** Rows that say once more, word for word, what an earlier row has said. */
  readonly repeated: number;
  /** Keys that stand on rows which differ. */
  readonly differing: number;
  /** Of all keys, 0 to 1. */
  readonly differingShare: number;
  /** Of one key: the most rows that differ from one another. */
  readonly mostOfOne: number;
  /** The first rows of such keys that differ from their first row. */
  readonly firstRows: readonly number[];
  /** True where the file has too many keys to remember: the counts are then estimates. */
  readonly isEstimate: boolean;
}

interface Seen {
  readonly content: number;
  repeated: number;
  /** Contents that differ from the first. Most keys have none. */
  others: number[] | null;
}

const mostKeys = 65_536;
const mostRows = 5;
const mostContents = 1_000;

/**
 * Counts keys that come again, exactly up to 65,536 of them. Beyond that it goes on with every second key, every fourth
 * and so on, chosen by hash: constant memory, and as good an estimate at the end of the file as at its start.
 */
export function createRepetitionTally() {
  const seen = new Map<number, Seen>();
  const firstRows: number[] = [];
  let every = 1;

  function forgetHalf(): void {
    every *= 2;
    for (const key of seen.keys()) if (key % every !== 0) seen.delete(key);
  }

  return {
    add(row: number, key: string, content: string): void {
      const hash = textHash(key);
      if (hash % every !== 0) return;
      const said = textHash(content);
      const earlier = seen.get(hash);
      if (earlier === undefined) {
        seen.set(hash, { content: said, repeated: 0, others: null });
        if (seen.size > mostKeys) forgetHalf();
      } else if (earlier.content === said || earlier.others?.includes(said) === true) earlier.repeated++;
      else {
        earlier.others ??= [];
        if (earlier.others.length < mostContents) earlier.others.push(said);
        if (firstRows.length < mostRows) firstRows.push(row);
      }
    },
    result(): Repetitions {
      let repeated = 0;
      let differing = 0;
      let mostOfOne = 0;
      for (const one of seen.values()) {
        repeated += one.repeated;
        if (one.others !== null) differing++;
        mostOfOne = Math.max(mostOfOne, 1 + (one.others?.length ?? 0));
      }
      return {
        repeated: repeated * every,
        differing: differing * every,
        mostOfOne,
        differingShare: seen.size === 0 ? 0 : differing / seen.size,
        firstRows,
        isEstimate: every > 1,
      };
    },
  };
}
