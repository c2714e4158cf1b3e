import {
  breakerPatience,
  nextBreaker,
  type BreakerChange,
  type BreakerEvent,
  type BreakerPatience,
} from '../domain/outage-breaker.ts';
import type { AccountLedger, AnyAct, Stops } from './ports/account-ledger.ts';

/** Pauses and the climb as they are in this installation. */
export function scaledPatience(timeScale: number): BreakerPatience {
  const { firstMs, mostMs, climbMs } = breakerPatience;
  return { firstMs: firstMs * timeScale, mostMs: mostMs * timeScale, climbMs: climbMs * timeScale };
}

/**
 * Lets an event do to the breaker what it does by its state machine, and looks again where another process was quicker.
 * Null: it changes nothing. `stops`: what the ledger says by then.
 */
export async function changeBreaker(
  ledger: Pick<AccountLedger, 'stops' | 'changeBreaker'>,
  account: string,
  event: BreakerEvent,
  { patience, act }: { readonly patience: BreakerPatience; readonly act: AnyAct },
): Promise<{ readonly change: BreakerChange | null; readonly stops: Stops }> {
  for (;;) {
    const stops = await ledger.stops(account);
    const change = nextBreaker(stops.breaker, event, patience);
    if (change === null) return { change, stops };
    if (await ledger.changeBreaker(account, stops.breaker.version, change, act))
      return { change, stops: await ledger.stops(account) };
  }
}
