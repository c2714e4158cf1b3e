/** Why a row has to wait before its next try. */
export type RetryCause =
  /** We kept the request back ourselves (budget, shutdown). */
  | { readonly kind: 'withheld' }
  /** The account is in an outage: the breaker decides when the next call goes. */
  | { readonly kind: 'outage' }
  /** Provably not sent, or a call that may be repeated ended without an answer, while other calls get through. */
  | { readonly kind: 'unreached' }
  /** A create that may have been carried out, where its Idempotency-Key makes repeating it harmless. */
  | { readonly kind: 'repeat' }
  /** The API named its own time, or asked to slow down. */
  | { readonly kind: 'try_later'; readonly afterMs: number | null }
  /** Credentials, path or certificate: nobody's row is to blame. */
  | { readonly kind: 'halted' }
  /** The client check answered KO or incompletely. */
  | { readonly kind: 'inconclusive' };

export interface Tries {
  /** Tries used up before this one. */
  readonly attempts: number;
  /** Since the row first met trouble with its present step, outages and halts left out. */
  readonly tryingForMs: number;
  /** By its partner's retry budget (retry-budget.ts), beyond its own back-off. */
  readonly budgetWaitMs: number;
}

export interface RetryPlan {
  readonly delayMs: number;
  /** Tries used up after this one. */
  readonly attempts: number;
}

const seconds = 1000;
const minutes = 60 * seconds;

const soonMs = 1 * seconds;
const firstBackoffMs = 2 * seconds;
const maxBackoffMs = 15 * minutes;
const haltedMs = 1 * minutes;
const inconclusiveMs = 5 * minutes;
const maxUnreachedTries = 20;
const maxInconclusiveTries = 3;
const maxRepeats = 10;
const maxAgeMs = 24 * 60 * minutes;

/**
 * When a row is tried again, or null when its budget is used up. `random` is in [0, 1).
 *
 * | cause        | next try                                        | uses a try | gives up after            |
 * | withheld     | about a second                                  | no         | never                     |
 * | outage       | at once; the breaker holds it                   | no         | never                     |
 * | halted       | a minute; the halt holds it                     | no         | never                     |
 * | try_later    | the API's own time; else 8 to 16 s and doubling | no         | 24 h                      |
 * | unreached    | full jitter, 2 s doubling to 15 min             | yes        | 20 tries or 24 h          |
 * | inconclusive | 5 to 7.5 min                                    | yes        | 3 tries or 24 h           |
 * | repeat       | equal jitter, 2 s doubling to 15 min            | yes        | 10 tries                  |
 *
 * An outage of theirs is no fault of a row: what is left for `unreached` is a row that ends so while others get through.
 * A slow-down without a time takes equal jitter, since full jitter would return too early into a per-minute limit. The
 * age ends what the partner's retry budget has drawn out. A repeat has no age of its own: ten are over within half an
 * hour, long before anybody forgets a key, and are not drawn out by the budget.
 */
export function planRetry(cause: RetryCause, tries: Tries, random: number): RetryPlan | null {
  const { attempts, tryingForMs, budgetWaitMs } = tries;
  const isTooOld = tryingForMs > maxAgeMs;
  switch (cause.kind) {
    case 'withheld':
    case 'outage':
      return { delayMs: soonMs * (0.5 + random), attempts };
    case 'halted':
      return { delayMs: haltedMs * (1 + random / 2), attempts };
    case 'try_later': {
      if (isTooOld) return null;
      const delayMs = cause.afterMs ?? backoffMs(attempts + 3) * (0.5 + random / 2);
      return { delayMs: delayMs + random * seconds, attempts };
    }
    case 'unreached':
      if (isTooOld || attempts + 1 >= maxUnreachedTries) return null;
      return { delayMs: Math.max(200, backoffMs(attempts) * random) + budgetWaitMs, attempts: attempts + 1 };
    case 'inconclusive':
      if (isTooOld || attempts + 1 >= maxInconclusiveTries) return null;
      return { delayMs: inconclusiveMs * (1 + random / 2) + budgetWaitMs, attempts: attempts + 1 };
    case 'repeat':
      if (attempts + 1 >= maxRepeats) return null;
      return { delayMs: backoffMs(attempts) * (0.5 + random / 2), attempts: attempts + 1 };
  }
}

/** Causes that are the row's: its next try comes out of its partner's budget. */
export function isOfTheRow({ kind }: RetryCause): boolean {
  return kind === 'unreached' || kind === 'inconclusive';
}

function backoffMs(attempts: number): number {
  return Math.min(maxBackoffMs, firstBackoffMs * 2 ** attempts);
}
