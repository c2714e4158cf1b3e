import pRetry from 'p-retry';
import type { CallResult } from './ports/leads-api.ts';

/** Tries of one call that may be repeated, within about two seconds: a reset socket or a blip ends here, an outage goes to the ledger's back-off. */
const inCall = { retries: 2, minTimeout: 150, maxTimeout: 800, maxRetryTime: 2000, randomize: true };

export interface Try<A> {
  readonly attemptId: string;
  readonly result: CallResult<A>;
  /** The account is in an outage: nothing is tried again by itself, and no row is to blame. */
  readonly isOutage: boolean;
}

/**
 * Repeats a call that is harmless to repeat while it ends without an answer. Each try is a whole attempt of its own:
 * `tryOnce` writes it down before it leaves, `beforeNext` writes down its end before another follows. Answers the last
 * try. Never wrapped around a create.
 */
export async function retryInCall<A>(
  tryOnce: () => Promise<Try<A>>,
  beforeNext: (ended: Try<A>) => Promise<void>,
  signal: AbortSignal,
): Promise<Try<A>> {
  try {
    return await pRetry(
      async () => {
        const ended = await tryOnce();
        if (isWorthAnotherTry(ended)) throw new Unreached(ended);
        return ended;
      },
      {
        ...inCall,
        signal,
        shouldRetry: async ({ error }) => {
          if (!(error instanceof Unreached)) return false;
          await beforeNext(error.ended as Try<A>);
          return true;
        },
      },
    );
  } catch (error) {
    if (error instanceof Unreached) return error.ended as Try<A>;
    throw error;
  }
}

function isWorthAnotherTry({ isOutage, result: { outcome } }: Try<unknown>): boolean {
  if (isOutage) return false;
  return (outcome.kind === 'not_sent' && !outcome.withheld) || outcome.kind === 'ambiguous';
}

/** Carries an ended try through p-retry, whose language is exceptions. */
class Unreached extends Error {
  override readonly name = 'Unreached';
  readonly ended: Try<unknown>;

  constructor(ended: Try<unknown>) {
    super('the call ended without an answer');
    this.ended = ended;
  }
}
