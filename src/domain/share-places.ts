/** One process of an account, as the ledger knows it. */
export interface PlaceHolder {
  readonly instance: string;
  /** Calls it may have under way at once. */
  readonly places: number;
  /** Calls it has under way or waiting to begin, at most the account's limit. */
  readonly wants: number;
  /** Since it was last heard of. */
  readonly silentMs: number;
}

/**
 * How many places each process should have: equal parts, of which nobody gets more than it wants; what is left over goes
 * round from turn to turn, so that with more processes than places each has its time. Never more in all than `limit`.
 */
export function fairShares(
  limit: number,
  wants: ReadonlyMap<string, number>,
  turn: number,
): ReadonlyMap<string, number> {
  const shares = new Map([...wants.keys()].map((instance) => [instance, 0]));
  let left = limit;
  let hungry = [...wants.keys()].filter((instance) => (wants.get(instance) ?? 0) > 0).toSorted();
  while (left >= hungry.length && hungry.length > 0) {
    const part = Math.floor(left / hungry.length);
    for (const instance of hungry) {
      const given = Math.min(part, (wants.get(instance) ?? 0) - (shares.get(instance) ?? 0));
      shares.set(instance, (shares.get(instance) ?? 0) + given);
      left -= given;
    }
    hungry = hungry.filter((instance) => (shares.get(instance) ?? 0) < (wants.get(instance) ?? 0));
  }
  for (let n = 0; n < Math.min(left, hungry.length); n += 1) {
    const instance = hungry[(n + turn) % hungry.length] ?? '';
    shares.set(instance, (shares.get(instance) ?? 0) + 1);
  }
  return shares;
}

export interface Placing {
  /** What it holds from now on: no call beyond them is or will be under way. */
  readonly places: number;
  /** Calls beyond these must not begin: it holds more only until those that are under way have ended. */
  readonly share: number;
  /** The others that may be alive. */
  readonly others: readonly PlaceHolder[];
}

/**
 * What one process holds after it has looked: it comes down to its share as its calls end, and goes up to it as far as
 * the others have left places free. So the sum is never above the limit, whoever looks when.
 *
 * A process that was silent for `deadAfterMs` holds nothing any more: by then its last call has ended (call-gate.ts).
 */
export function placesFor(
  me: { readonly instance: string; readonly underWay: number; readonly wants: number },
  all: readonly PlaceHolder[],
  { limit, turn, deadAfterMs }: { readonly limit: number; readonly turn: number; readonly deadAfterMs: number },
): Placing {
  const others = all.filter(({ instance, silentMs }) => instance !== me.instance && silentMs < deadAfterMs);
  const wants = new Map([...others, me].map(({ instance, wants: wanted }) => [instance, Math.min(limit, wanted)]));
  const share = fairShares(limit, wants, turn).get(me.instance) ?? 0;
  const held = all.find(({ instance, silentMs }) => instance === me.instance && silentMs < deadAfterMs)?.places ?? 0;
  const free = limit - others.reduce((sum, { places }) => sum + places, 0);
  // Calls that are under way keep their places, whatever the shares say.
  const places = share >= held ? Math.min(share, free) : Math.max(share, Math.min(held, me.underWay));
  return { places: Math.max(0, places), share, others };
}
