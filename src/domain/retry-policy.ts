/** Why a row has to wait before its next try. */
export type RetryCause =
  /** We kept the request back ourselves (budget, shutdown). */
  | { readonly kind: 'withheld' }
  /** Provably not sent, or a call that may be repeated ended without an answer. */
  | { readonly kind: 'unreached' }
  /** A create that may have been carried out, where its Idempotency-Key makes repeating it harmless. */
  | { readonly kind: 'repeat' }
  /** The API named its own time, or asked to slow down. */
  | { readonly kind: 'try_later'; readonly afterMs: number | null }
  /** Credentials, path or certificate: nobody's row is to blame. */
  | { readonly kind: 'halted' }
  /** The client check answered KO or incompletely. */
  | { readonly kind: 'inconclusive' };

export interface RetryPlan {
  readonly delayMs: number;
  /** Tries used up after this one. */
  readonly attempts: number;
}

const seconds = 1000;
const minutes = 60 * seconds;

const withheldMs = 1 * seconds;
const firstBackoffMs = 2 * seconds;
const maxBackoffMs = 15 * minutes;
const haltedMs = 1 * minutes;
const inconclusiveMs = 5 * minutes;
const maxUnreachedTries = 100;
const maxInconclusiveTries = 3;
const maxRepeats = 10;

/**
 * When a row is tried again, or null when its budget is used up. `attempts` counts the tries used so far, `random` is in
 * [0, 1). Being told to come back, being halted and being withheld use no try: an outage of theirs is no fault of a row.
 * Unreached calls back off exponentially with full jitter (2 s doubling to 15 min, 100 tries, about half a day); a slow-down
 * without a time takes equal jitter, since full jitter would return too early into a per-minute limit; KO is asked three
 * times over about 15 minutes; a create is repeated ten times within about half an hour, long before anybody forgets a key.
 */
export function planRetry(cause: RetryCause, attempts: number, random: number): RetryPlan | null {
  switch (cause.kind) {
    case 'withheld':
      return { delayMs: withheldMs * (0.5 + random), attempts };
    case 'try_later': {
      const delayMs = cause.afterMs ?? backoffMs(attempts + 3) * (0.5 + random / 2);
      return { delayMs: delayMs + random * seconds, attempts };
    }
    case 'halted':
      return { delayMs: haltedMs * (1 + random / 2), attempts };
    case 'unreached':
      if (attempts + 1 >= maxUnreachedTries) return null;
      return { delayMs: Math.max(200, backoffMs(attempts) * random), attempts: attempts + 1 };
    case 'repeat':
      if (attempts + 1 >= maxRepeats) return null;
      return { delayMs: backoffMs(attempts) * (0.5 + random / 2), attempts: attempts + 1 };
    case 'inconclusive':
      if (attempts + 1 >= maxInconclusiveTries) return null;
      return { delayMs: inconclusiveMs * (1 + random / 2), attempts: attempts + 1 };
  }
}

function backoffMs(attempts: number): number {
  return Math.min(maxBackoffMs, firstBackoffMs * 2 ** attempts);
}
